"""What is kept of a year after each night, and how a year that was killed goes on from there."""

import shutil

import pytest

from artifacts.files.nights import NIGHTS, read_nights, write_nights
from flows.year.progress import STORE, TWIN, Progress, go_on, keep
from rnn.lifecycle.nights import Night


def progress(done: int) -> Progress:
    runs = {f"run {k}": "digest" for k in range(done)}
    return Progress(done=done, rng={"state": 2**100 + done}, versions=[[1.5]], usual=[2.0], state={"runs": runs})


@pytest.fixture
def folder(tmp_path):
    """A year after two nights, killed in its third."""
    for done in (1, 2):
        night(tmp_path, done)
        keep(tmp_path, progress(done))
    night(tmp_path, 3)
    return tmp_path


def night(folder, number):
    (folder / STORE / f"run {number - 1}").mkdir(parents=True)
    (folder / STORE / "champion.json").write_text(str(number))
    write_nights(folder / NIGHTS, [Night(k, "2024-08-01", None, "2024-07-31") for k in range(number)])


def is_after_two_nights(folder):
    assert sorted(path.name for path in (folder / STORE).iterdir()) == ["champion.json", "run 0", "run 1"]
    assert (folder / STORE / "champion.json").read_text() == "2"
    assert [night.number for night in read_nights(folder / NIGHTS)] == [0, 1]


def test_it_goes_on_with_the_night_in_which_it_was_killed(folder):
    assert go_on(folder) == progress(2)
    is_after_two_nights(folder)
    assert [path.name for path in folder.glob("after-night-*")] == ["after-night-2"]


def test_what_was_being_kept_when_it_was_killed_is_no_progress(folder):
    (folder / "after-night-3.part").mkdir()
    assert go_on(folder) == progress(2)
    keep(folder, progress(3))
    assert go_on(folder) == progress(3)


@pytest.mark.parametrize("left", [True, False])
def test_the_store_comes_back_from_beside_its_copy(folder, left):
    (folder / STORE).rename(folder / TWIN)
    if left:
        night(folder, 7)
    assert go_on(folder) == progress(2)
    is_after_two_nights(folder)
    assert not (folder / TWIN).exists()


def test_a_year_killed_in_its_first_night_begins_anew(folder):
    shutil.rmtree(folder / "after-night-2")
    assert go_on(folder) is None
    assert not (folder / STORE).exists()
    assert read_nights(folder / NIGHTS) == []
