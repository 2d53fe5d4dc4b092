"""The record of removed runs tells what they were, for as long as they are not there."""

import json

import fsspec
import pytest

from artifacts.store.removed import FORMAT, REMOVED, CorruptRecord, Removed, as_json, read_removed, removed_run

LOCAL = fsspec.filesystem("file")
ONE = Removed(run="20260101T000000Z-aaaaaa", when="2026-06-01T00:00:00+00:00", flow="retrain", data="<b>.csv", files=3)
TWO = Removed(run="20260102T000000Z-bbbbbb", when="2026-06-02T00:00:00+00:00", how="lost")


def put(store, content: bytes) -> str:
    (store / REMOVED).write_bytes(content)
    return str(store)


def test_what_is_written_is_read_in_the_order_of_the_names(tmp_path):
    store = put(tmp_path, as_json([TWO, ONE]))
    assert read_removed(LOCAL, store) == {ONE.run: ONE, TWO.run: TWO}
    assert list(read_removed(LOCAL, store)) == [ONE.run, TWO.run]


def test_without_a_file_nothing_was_removed(tmp_path):
    assert read_removed(LOCAL, str(tmp_path)) == {}
    assert removed_run(LOCAL, str(tmp_path), "2026") is None


def test_a_run_that_is_there_was_not_removed(tmp_path):
    store = put(tmp_path, as_json([ONE, TWO]))
    (tmp_path / ONE.run).mkdir()
    (tmp_path / ONE.run / "manifest.json").write_text("{}")
    assert list(read_removed(LOCAL, store)) == [TWO.run]


def test_a_run_is_found_by_the_beginning_of_its_name_if_it_is_the_only_one(tmp_path):
    store = put(tmp_path, as_json([ONE, TWO]))
    assert removed_run(LOCAL, store, ONE.run) == ONE
    assert removed_run(LOCAL, store, "20260102") == TWO
    assert removed_run(LOCAL, store, "2026") is None
    assert removed_run(LOCAL, store, "") is None


def test_it_is_told_what_became_of_a_run():
    assert ONE.told == "was removed by `wavecast prune` on 2026-06-01; it was a run of 'retrain' on <b>.csv"
    assert TWO.told == "is gone, as `wavecast check` noticed on 2026-06-02; a backup may have it"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"format": 1}', b'{"format": 1, "runs": [{}]}', b"[" * 9999,
     json.dumps({"format": FORMAT + 1, "runs": []}).encode()],
)  # fmt: skip
def test_a_damaged_record_is_one_line_and_hinders_nobody_who_only_looks(tmp_path, content):
    store = put(tmp_path, content)
    with pytest.raises(CorruptRecord, match=REMOVED):
        read_removed(LOCAL, store)
    assert removed_run(LOCAL, store, ONE.run) is None
