"""Conditional writes, against a server of this machine that speaks S3."""

import threading

import fsspec
import pytest
from botocore.exceptions import EndpointConnectionError

from artifacts.store import conditional
from artifacts.store.conditional import (
    Changed,
    is_object_store,
    keeps_conditions,
    read_version,
    version_of,
    versions_below,
    write_if,
)


@pytest.fixture(scope="module")
def files(bucket):
    return fsspec.filesystem("s3")


def test_a_file_is_written_where_it_is_as_it_was_seen_and_nowhere_else(files):
    path = "sales/one/file.json"
    assert version_of(files, path) is None
    assert read_version(files, path) is None
    first = write_if(files, path, b"first", None)
    assert read_version(files, path) == (b"first", first)
    with pytest.raises(Changed):
        write_if(files, path, b"new", None)
    second = write_if(files, path, b"second", first)
    with pytest.raises(Changed):
        write_if(files, path, b"late", first)
    assert read_version(files, path) == (b"second", second)
    assert versions_below(files, path) == versions_below(files, "sales/one") == {path: second}
    with pytest.raises(Changed):
        write_if(files, "sales/one/never-there", b"x", first)


def test_a_write_whose_answer_was_lost_and_that_is_repeated_is_no_conflict(files):
    first = write_if(files, "sales/two", b"first", None)
    again = write_if(files, "sales/two", b"mine", first)
    assert write_if(files, "sales/two", b"mine", first) == again


def test_a_file_keeps_its_type(files):
    write_if(files, "sales/three/report.html", b"<p>", None)
    assert files.info("sales/three/report.html", refresh=True)["ContentType"] == "text/html"


def test_of_many_writers_at_once_one_wins(files):
    wins, start = [], threading.Barrier(8)

    def write(name: int) -> None:
        start.wait()
        try:
            write_if(files, "sales/four", str(name).encode(), None)
        except Changed:
            return
        wins.append(name)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [str(name).encode() for name in wins] == [files.cat_file("sales/four")]


def test_whether_a_server_keeps_conditions_is_found_by_trying(files, monkeypatch):
    assert keeps_conditions(files, "sales/runs")
    filtered = type(files)._filter_kwargs

    def careless(self, method, kwargs):
        return {name: v for name, v in filtered(self, method, kwargs).items() if name not in ("IfMatch", "IfNoneMatch")}

    monkeypatch.setattr(type(files), "_filter_kwargs", careless)
    assert keeps_conditions(files, "sales/runs"), "asked once"
    assert not keeps_conditions(files, "sales/other-runs")


def test_other_file_systems_are_not_asked():
    memory = fsspec.filesystem("memory")
    assert not is_object_store(memory)
    assert not keeps_conditions(memory, "/never-asked")
    assert not memory.exists("/never-asked")


def test_the_error_of_another_kind_stays_what_it_is(files, monkeypatch):
    monkeypatch.setattr(conditional, "status_of", lambda error: 500)
    with pytest.raises(OSError, match="pre-conditions"):
        write_if(files, "sales/four", b"new", None)


def test_a_server_that_is_away_is_an_oserror(files, monkeypatch):
    def away(*_, **__):
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    for name in ("info", "pipe_file", "find"):
        monkeypatch.setattr(files, name, away)
    for ask in (
        lambda: version_of(files, "sales/a"),
        lambda: versions_below(files, "sales/a"),
        lambda: write_if(files, "sales/a", b"", None),
        lambda: keeps_conditions(files, "sales/never-asked"),
    ):
        with pytest.raises(OSError, match="Could not connect"):
            ask()
