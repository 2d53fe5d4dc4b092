import copy
import hashlib
import json
import shutil

import fsspec
import pytest

from artifacts.store.listing import run_names
from artifacts.store.runs import FORMAT, NoSuchRun, OutOfReach, UnreadableRun, find_run, readable_runs
from artifacts.store.store import Store

NAME = "20260301T000000Z-aaaaaa"
LATER = "20260401T000000Z-bbbbbb"


def told(error, store, given) -> str:
    with pytest.raises(error) as raised:
        find_run(str(store), given)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("given", [NAME, NAME[:4], NAME[:-1], "latest"])
def test_a_run_goes_by_its_name_the_beginning_of_it_or_as_the_latest(kept, given):
    assert find_run(str(kept), given).name == NAME


def test_a_run_from_the_future_is_not_the_latest_and_is_named(tmp_path, kept, caplog):
    store, future = tmp_path / "runs", "20990101T000000Z-cccccc"
    for name in (NAME, LATER, future):
        shutil.copytree(kept / NAME, store / name)
    assert find_run(str(store), "latest").name == LATER
    (line,) = caplog.messages
    assert future in line
    assert "from the future" in line
    assert find_run(str(store), LATER).before().name == NAME
    assert find_run(str(store), future).name == future, "by its name it is found all the same"


@pytest.mark.parametrize("path", ["", "/", "/manifest.json"])
def test_a_run_goes_by_its_path_whatever_the_store(kept, tmp_path, path):
    found = find_run(str(tmp_path / "no store"), f"{kept}/{NAME}{path}")
    assert (found.name, found.place) == (NAME, f"{kept}/{NAME}")


def test_a_folder_in_the_working_directory_is_a_path(kept, monkeypatch):
    monkeypatch.chdir(kept)
    assert find_run("no store", NAME).place == f"{kept}/{NAME}"


def test_a_run_behind_a_url_is_read_and_fetched(kept, tmp_path):
    files = fsspec.filesystem("memory")
    files.put(str(kept / NAME), f"/past/{NAME}", recursive=True)
    by_name, by_url = find_run("memory://past", "latest"), find_run("runs", f"memory://past/{NAME}")
    assert by_name.place == by_url.place == f"memory:///past/{NAME}"
    file = "models/article/final.npz"
    there = (kept / NAME / file).read_bytes()
    assert by_url.fetch(file, tmp_path).read_bytes() == there
    assert by_url.digest(file) == hashlib.sha256(there).hexdigest()
    files.rm("/past", recursive=True)


def test_a_local_file_is_not_copied(kept, tmp_path):
    assert find_run(str(kept), NAME).fetch("dataset.parquet", tmp_path) == kept / NAME / "dataset.parquet"


def test_looking_for_a_run_writes_nothing(tmp_path):
    told(NoSuchRun, tmp_path / "none", "latest")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_run_or_several_is_told_with_what_there_is(store, tamper):
    assert "--store" in told(NoSuchRun, store / "none", NAME)
    assert NAME in told(NoSuchRun, store, "2027")
    assert "no run folder" in told(NoSuchRun, store, f"{store}/2027")
    tamper(store / NAME, {}, to=LATER)
    ambiguous = told(NoSuchRun, store, "2026")
    assert "2 runs" in ambiguous
    assert f"{LATER}, {NAME}" in ambiguous
    assert find_run(str(store), "latest").name == LATER


def test_a_whole_name_is_meant_though_another_begins_with_it(store, tamper):
    tamper(store / NAME, {}, to=f"{NAME}b")
    assert find_run(str(store), NAME).name == NAME


def test_a_store_of_a_kind_that_is_not_installed_is_told():
    assert "nosuch://" in told(NoSuchRun, "nosuch://runs", "latest")
    assert "nosuch://" in told(NoSuchRun, "runs", "nosuch://runs/x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "cannot be read"), ("{", "cannot be read"), ("\xff\xfe", "cannot be read"), ("[]", "not Wavecast's"),
        ('{"name": "of a browser extension"}', "not Wavecast's"), ('{"format": "1"}', "not Wavecast's"),
        ('{"format": 1}', "'flow'"), (f'{{"format": {FORMAT + 1}}}', "newer Wavecast"),
    ],
)  # fmt: skip
def test_what_is_no_manifest_of_ours_is_told(store, text, says):
    (store / NAME / "manifest.json").write_bytes(text.encode("latin-1"))
    assert says in told(UnreadableRun, store, NAME)
    assert str(store / NAME) in told(UnreadableRun, store, NAME)


def test_a_foreign_folder_is_told(store):
    (store / NAME / "manifest.json").unlink()
    assert "no manifest.json" in told(UnreadableRun, store, f"{store}/{NAME}")


@pytest.mark.parametrize("file", ["../outside", "/etc/passwd", "models/../../outside", ""])
def test_a_manifest_cannot_name_a_file_outside_of_its_folder(store, tamper, file):
    tamper(store / NAME, {"files": {file: "0"}})
    assert "outside" in told(UnreadableRun, store, NAME)


def test_fields_that_are_not_known_yet_do_no_harm(store, tamper):
    tamper(store / NAME, {"verdict": {"decision": "keep"}, "config/data": "file.csv", "execution/more": [1]})
    assert find_run(str(store), NAME).config["data"] == "file.csv"


def test_the_run_before_is_of_the_same_flow_and_can_be_read(store, tamper):
    tamper(store / NAME, {}, to="20260302T000000Z-cccccc")
    tamper(store / NAME, {"flow": "sweep"}, to="20260303T000000Z-dddddd")
    tamper(store / NAME, {"format": FORMAT + 1}, to="20260304T000000Z-eeeeee")
    tamper(store / NAME, {}, to=LATER)
    before = find_run(str(store), LATER).before()
    assert before.name == "20260302T000000Z-cccccc"
    assert before.before().name == NAME
    assert before.before().before() is None


def test_a_flow_run_is_found_by_the_run_it_left(kept):
    run = find_run(str(kept), NAME)
    assert run.sibling(json.loads((kept / NAME / "manifest.json").read_text())["execution"]["flow_run"]) == NAME
    assert run.sibling("ffffff00-0000") is None
    assert run.sibling("") is None


def test_an_unreadable_run_is_told_the_same_by_a_copy_as_processes_hand_it_on():
    error = copy.copy(UnreadableRun("/store/run", "is no run folder"))
    assert (str(error), error.reason) == ("/store/run is no run folder", "is no run folder")


def test_the_runs_that_can_be_read_are_listed_newest_first(store, tamper):
    tamper(store / NAME, {"format": FORMAT + 1}, to="20260302T000000Z-cccccc")
    tamper(store / NAME, {}, to=LATER)
    local = fsspec.filesystem("file")
    found = readable_runs(local, str(store), run_names(local, str(store)))
    assert [run.name for run in found] == [LATER, NAME]


class NoCredentialsError(Exception):
    """As botocore's: no OSError."""


class NeedsCredentials(fsspec.AbstractFileSystem):
    protocol = "needscredentials"

    def info(self, path, **_):
        raise NoCredentialsError(f"nothing opens needscredentials://{path}")


def test_a_store_without_credentials_is_told_in_one_line_without_passwords():
    fsspec.register_implementation("needscredentials", NeedsCredentials, clobber=True)
    url = "needscredentials://me:secret@host/runs"
    for ask in (lambda: find_run(url, "latest"), lambda: find_run("runs", f"{url}/{NAME}"), lambda: Store(url)):
        with pytest.raises(
            OutOfReach, match=r"needscredentials://…@host/runs.*\(NoCredentialsError: .*credentials"
        ) as told:
            ask()
        assert "secret" not in str(told.value)
        assert "\n" not in str(told.value)


def test_a_manifest_that_is_nested_too_deep_is_told(store, tamper):
    deep = 1
    for _ in range(900):
        deep = {"a": deep}
    tamper(store / NAME, {"config": deep}, to=LATER)
    assert "nested too deep" in told(UnreadableRun, store, LATER)


def test_a_store_that_cannot_be_listed_is_told_and_its_run_still_read(store, monkeypatch):
    def refuse(*_):
        raise PermissionError("no")

    monkeypatch.setattr("artifacts.store.listing.list_folders", refuse)
    assert "cannot look into" in told(NoSuchRun, store, "latest")
    run = find_run(str(store), f"{store}/{NAME}")
    assert run.before() is None
    assert run.sibling("aaaaaa00") is None


def test_a_runs_file_is_read_as_bytes(kept):
    run = find_run(str(kept), NAME)
    assert run.read("metrics.json") == (kept / NAME / "metrics.json").read_bytes()
    with pytest.raises(FileNotFoundError):
        run.read("nosuch.json")
