"""Commands that look at a store make none where there is none."""

import pytest

from artifacts.store.atomic import CannotWrite
from artifacts.store.existing import NoSuchStore, existing_store
from artifacts.store.runs import OutOfReach
from flows.cli import main


def test_a_store_that_is_there_is_opened(tmp_path):
    assert existing_store(str(tmp_path)).runs() == []


@pytest.mark.parametrize("url", ["memory://nothing-here", "{}/absent", "{}/with space/absent"])
def test_a_store_that_is_not_there_is_told_and_not_made(tmp_path, url):
    with pytest.raises(NoSuchStore, match=r"there is no store at .*--store"):
        existing_store(url.format(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_place_of_an_unknown_kind_is_told_by_the_store():
    with pytest.raises(CannotWrite, match="nosuchkind"):
        existing_store("nosuchkind://store")


def test_a_server_that_is_asked_at_once_and_not_there_is_told_without_its_password():
    with pytest.raises(OutOfReach, match="cannot look into ftp://") as told:
        existing_store("ftp://me:secret@127.0.0.1:1/store")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "words", [["history"], ["browse", "--no-open"], ["rollback"], ["promote", "latest"], ["explain", "latest"],
              ["verify", "latest"]], ids=lambda words: words[0],
)  # fmt: skip
def test_a_typo_in_the_store_makes_no_folder(tmp_path, capsys, words):
    with pytest.raises(SystemExit) as ended:
        main([*words, "--store", str(tmp_path / "nosuch")])
    error = capsys.readouterr().err
    assert (ended.value.code, error.count("\n")) == (2, 1)
    assert "nosuch" in error
    assert "--store" in error
    assert list(tmp_path.iterdir()) == []
