"""The served forecast, read whole; its answers are those of `latest/`, and kept as long as it is."""

import json
from pathlib import Path

import pytest

from artifacts.lifecycle.latest import CSV, JSON, LATEST, NoForecast
from artifacts.service import served_forecast
from artifacts.service.questions import Question
from artifacts.service.served_forecast import read_served
from artifacts.store.store import Store


def test_csv_is_the_file_and_json_has_its_rows(store):
    served, folder = read_served(store), Path(store.root, LATEST)
    assert served.answer(Question(), "csv") == (folder / CSV).read_bytes()
    answer, file = json.loads(served.answer(Question(), "json")), json.loads((folder / JSON).read_text())
    assert file.pop("files")
    assert answer == file
    assert served.answer(Question(), "json").count(b"\n") == 14 + 2, "a row a line"


def test_json_names_the_columns_that_it_has(store):
    answer = json.loads(read_served(store).answer(Question(levels=("90",), ends="2026-04-15"), "json"))
    assert len(answer["forecast"]) == 1
    assert list(answer["forecast"][0]) == answer["columns"]
    assert "wavecast-lo-50" not in answer["columns"]
    assert json.loads(read_served(store).answer(Question(begins="2027-01-01"), "json"))["forecast"] == []


def test_an_answer_is_kept_unless_it_is_large_or_there_are_many(store, monkeypatch):
    served = read_served(store)
    first = served.answer(Question(), "json")
    assert served.has(Question(), "json") and not served.has(Question(), "csv")
    assert served.answer(Question(), "json") is first
    monkeypatch.setattr(served_forecast, "KEPT", 1)
    served.answer(Question(), "csv")
    assert not served.has(Question(), "csv")
    monkeypatch.setattr(served_forecast, "KEPT", 9)
    monkeypatch.setattr(served_forecast, "KEPT_BYTES", 9)
    served.answer(Question(), "csv")
    assert not served.has(Question(), "csv")


def test_its_digest_changes_with_what_is_told_of_it(store, made):
    first = read_served(store).digest
    assert read_served(store).digest == first
    made.put(store, made.table(), label="naive (persistence)")
    assert read_served(store).digest != first


def test_without_one_it_is_said_so(tmp_path):
    with pytest.raises(NoForecast, match="serves no forecast yet"):
        read_served(Store(str(tmp_path)))
