"""`wavecast explain --forecast` on the command line, where two retrainings left their forecasts; without Prefect."""

import json
from pathlib import Path

import pytest

from flows.cli import main

FIRST, SECOND, THIRD = "20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb", "20260103T000000Z-cccccc"


@pytest.fixture
def wavecast(tmp_path, put_retraining, capsys):
    """`wavecast(*words)`: the exit code, standard output and standard error of `wavecast explain`."""
    for name, seed, points in ((FIRST, 0, 116), (SECOND, 0, 120), (THIRD, 1, 120)):
        put_retraining(tmp_path, name, seed, points)

    def run(*words, store=tmp_path):
        try:
            main(["explain", "--store", str(store), *words])
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, *capsys.readouterr()

    return run


def test_the_newest_and_the_one_before_are_compared(wavecast):
    code, out, _ = wavecast("--forecast")
    assert code == 0
    assert out.startswith(f"From the forecast of {SECOND} to that of {THIRD},\nfor the 8 moments")
    assert "0 → 1" in out


def test_two_runs_and_one_time(wavecast):
    code, out, _ = wavecast(FIRST, THIRD, "--forecast", "--json", "--at", "121")
    told = json.loads(out)
    assert (code, told["old"], told["new"]) == (0, FIRST, THIRD)
    assert [each["at"] for each in told["moments"]] == ["121"]
    assert told["mean"]["new points"] != 0
    assert told["mean"]["seed"] != 0
    assert wavecast("--forecast", SECOND)[1].startswith(f"From the forecast of {FIRST} to that of {SECOND},")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "name a RUN, such as 'latest', or --forecast"),
        (("",), "no run is named: give its name"),
        (("--forecast", ""), "no run is named: give its name"),
        ((FIRST, SECOND), "a second run, --at and --to are for --forecast"),
        (("latest", "--at", "3"), "are for --forecast"),
        (("latest", "--to", "page.html"), "are for --forecast"),
        (("--forecast", "--to", "page.pdf"), "--to"),
        (("--forecast", "--to", "/proc/nowhere/page.html"), "--to: "),
        (
            ("--forecast", "--to", "typo/page.html"),
            "--to: there is no folder typo to write page.html to: make it first",
        ),
        (("--forecast", FIRST), f"no forecast before {FIRST}"),
        (("--forecast", "2025"), "has no run '2025'"),
        (("--forecast", "--at", "noon"), "do not both speak of 'noon': give one of their moments, 120 to 127"),
    ],
)
def test_a_mistake_is_one_line(wavecast, words, says):
    code, _, err = wavecast(*words)
    assert (code, err.count("\n")) == (2, 1)
    assert says in err
    assert not Path("typo").exists()


def test_a_time_that_is_none_of_theirs_is_told_before_anything_is_trained(wavecast, monkeypatch):
    monkeypatch.setattr("artifacts.lineage.counterfactuals.train", None)
    for said, first in (("foo", "120"), ("7", "120")):
        code, _, err = wavecast(FIRST, THIRD, "--forecast", "--at", said)
        assert (code, err.count("\n")) == (2, 1), err
        assert f"do not both speak of {said!r}: give one of their moments, {first} to 123" in err


def test_its_page_is_kept_in_the_gallery_and_the_front_page_leads_there(wavecast, tmp_path):
    code, out, _ = wavecast("--forecast")
    page = tmp_path / "gallery" / "moved" / f"{THIRD}-after-{SECOND}.html"
    assert (code, out.splitlines()[-1]) == (0, f"The same as a page of the gallery: {page}")
    first = page.read_bytes()
    assert f'href="gallery/moved/{page.name}"' in (tmp_path / "index.html").read_text()
    wavecast("--forecast", "--at", "121")
    assert page.read_bytes() == first, "the page is of all moments, whichever was asked for"


def test_a_gallery_that_cannot_be_written_is_told_and_the_explanation_given(wavecast, tmp_path):
    (tmp_path / "gallery").write_text("in the way")
    code, out, err = wavecast("--forecast")
    assert (code, err.count("\n")) == (0, 1)
    assert "the page is not kept in the gallery: cannot write to" in err
    assert "new points" in out


def test_the_same_is_written_as_a_page(wavecast, tmp_path):
    place = tmp_path.with_name(f"{tmp_path.name}-why.html")
    code, out, _ = wavecast("--forecast", "--to", str(place))
    assert (code, out.splitlines()[-1]) == (0, f"The same as a page: {place}")
    assert "Why the forecast moved" in place.read_text()
    assert json.loads(wavecast("--forecast", "--json", "--to", str(place))[1])["new"] == THIRD
    code, _, err = wavecast("--forecast", "--to", f"{tmp_path}/index.html")
    assert (code, "lies in the store, whose files are its own" in err) == (2, True)


def test_a_store_that_is_not_there_is_one_line_and_not_made(wavecast, tmp_path):
    code, _, err = wavecast("--forecast", store=tmp_path / "typo")
    assert (code, err.count("\n")) == (2, 1)
    assert "there is no store at" in err
    assert not (tmp_path / "typo").exists()


def test_a_run_is_explained_as_before(wavecast):
    code, out, _ = wavecast(FIRST)
    assert (code, out.splitlines()[0][: len(FIRST)]) == (0, FIRST)
