"""What a store knows of its series stands in for what is not given; nothing is made by asking."""

from pathlib import Path
from typing import Any

import pytest

from artifacts.lifecycle.identity import Identity, write_identity
from artifacts.store.store import Store
from flows.command_line.known_series import NoFile, with_known_series
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings
from rnn.errors import NoVerdict, WavecastError
from rnn.experiment import Task

SALES = {"data": "/data/sales.csv", "value_column": "sales", "where": ["store=A"], "hold_back": 1}


@pytest.fixture
def know(tmp_path, monkeypatch):
    """`know(source)`: a store `runs` that is about this file."""
    monkeypatch.chdir(tmp_path)

    def known(source: dict[str, Any] | None, **changes: Any) -> None:
        facts = {"unique_id": "sales", "since": "", "source": source, "time_column": "t", "value_column": "sales",
                 "calendar": None, "step": 1, "lowest": 0, "highest": 6, "median": 3, "spread": 2, "first": "0",
                 "last": "9", "points": 10, "block": 256, "digests": {}}  # fmt: skip
        write_identity(Store("runs"), Identity(**{**facts, **changes}))

    return known


@pytest.mark.parametrize("model", [RetrainSettings, MonitorSettings])
def test_a_store_that_knows_its_file_needs_none(know, model):
    know(SALES)
    found = with_known_series(model(seed=3))
    assert (found.data, found.value_column, found.where, found.hold_back) == (
        "/data/sales.csv",
        "sales",
        ("store=A",),
        1,
    )
    assert found.seed == 3


def test_what_is_given_wins(know):
    know(SALES)
    found = with_known_series(RetrainSettings(hold_back=0, repair=("trim-ends",), group_size=7, horizon=2))
    assert (found.hold_back, found.repair, found.where) == (0, ("trim-ends",), ("store=A",))
    assert (found.group_size, found.horizon) == (7, 2)
    other = RetrainSettings(data="other.csv")
    assert with_known_series(other) == other, "another file is read as it is said"


def test_the_task_of_a_known_file_stays_open_and_that_of_generated_data_is_the_articles(know, tmp_path):
    know(SALES)
    assert with_known_series(RetrainSettings()).group_size is None
    bare = with_known_series(RetrainSettings(store="elsewhere", seed=2))
    assert (bare.data, bare.group_size, bare.horizon, bare.seed) == (None, 6, 20, 2)
    assert not (tmp_path / "elsewhere").exists()


def test_generated_data_are_taken_where_they_are_asked_for(know):
    know(SALES)
    assert with_known_series(RetrainSettings(points=700)).data is None, "and refused when they are held to the store"
    know(None)
    assert with_known_series(MonitorSettings()).data is None


def test_a_name_that_was_given_once_stays(know):
    know(SALES, unique_id="north", named=True)
    assert with_known_series(RetrainSettings()).unique_id == "north"
    assert with_known_series(RetrainSettings(data="a.csv", unique_id="south")).unique_id == "south"


@pytest.mark.parametrize("data", ["-", "https://…@host/sales.csv"])
def test_a_file_that_cannot_be_read_again_is_told(know, data):
    know({"data": data})
    with pytest.raises(NoFile, match="name it with --data"):
        with_known_series(MonitorSettings())
    assert with_known_series(MonitorSettings(data="sales.csv")).data == "sales.csv"


def test_settings_of_a_file_that_nobody_knows_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoFile, match="--where is for a file: give --data too"):
        with_known_series(RetrainSettings(where=("store=A",)))
    with pytest.raises(NoVerdict, match="folds to judge on"):
        with_known_series(RetrainSettings(points=30))
    assert not Path("runs").exists()


def test_a_horizon_counts_groups_where_the_series_is_generated(tmp_path):
    nowhere = str(tmp_path / "new")
    assert with_known_series(RetrainSettings(store=nowhere, horizon="3")).task == Task(group_size=6, horizon=3)
    with pytest.raises(WavecastError, match="--horizon 14 days is for a file"):
        with_known_series(RetrainSettings(store=nowhere, horizon="14d"))
