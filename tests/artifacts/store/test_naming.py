"""A store's name where many stores meet: the same from every folder, another for every store, and without passwords."""

from pathlib import Path

import pytest

from artifacts.store.naming import short_name, store_id, whole_url
from artifacts.store.store import Store


def test_a_store_has_one_name_from_whichever_folder_one_looks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {store_id(url) for url in ("sales", "./sales", f"{tmp_path}/sales", f"{tmp_path}/sales/")}
    assert names == {Store("sales").id}
    assert store_id(f"file://{tmp_path}/sales") in names


def test_stores_of_the_same_name_in_two_folders_are_told_apart():
    one, other = store_id("/a/runs"), store_id("/b/runs")
    assert one != other
    assert short_name("/a/runs") == short_name("/b/runs") == "runs"


@pytest.mark.parametrize(
    ("url", "begins"),
    [("/data/Sales Runs", "sales-runs-"), ("s3://bucket/wavecast/sales", "sales-"), ("/", "store-"),
     ("/übrig", "brig-"), ("/data/" + "a" * 300, "a" * 40 + "-")],
)  # fmt: skip
def test_a_name_is_fit_for_prefects_keys(url, begins):
    name = store_id(url)
    assert name.startswith(begins)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(name) <= 50


def test_passwords_are_neither_in_the_name_nor_decide_it():
    assert store_id("s3://me:secret@host/runs") == store_id("s3://me:other@host/runs")


def test_a_path_is_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert whole_url("runs") == str(tmp_path / "runs")
    assert whole_url("~/runs") == str(Path.home() / "runs")
    assert whole_url("s3://bucket/runs/") == "s3://bucket/runs"
