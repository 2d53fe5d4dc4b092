"""Files beside the runs, damaged in each way: what is told, and what mending does and does not do."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from artifacts.lifecycle.check_records import (
    lost_runs,
    wrong_champion,
    wrong_latest_folder,
    wrong_ledger,
    wrong_series,
    wrong_status,
)
from artifacts.lifecycle.continuation import continue_series, seen_in
from artifacts.lifecycle.identity import (
    SERIES,
    VALUES,
    CorruptIdentity,
    read_identity,
    read_values,
    write_identity,
    write_values,
)
from artifacts.lifecycle.latest import renew_latest, wrong_latest
from artifacts.lifecycle.ledger import LEDGER, Ledger, _write, read_ledger, score_arrivals
from artifacts.lifecycle.registry import CHAMPION
from artifacts.store.removed import REMOVED, read_removed
from artifacts.store.store import Store
from rnn.lifecycle.outcomes import join
from rnn.lifecycle.series_of_store import SeriesOfStore
from tests.grown_store import grow, put_copy, run_name

CHECKS = (wrong_champion, wrong_ledger, lost_runs, wrong_latest_folder, wrong_series, wrong_status)


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    """Three retrainings, two of them champions; what they forecast is scored, and what the series is is known."""
    store = grow(tmp_path / "runs", put_retraining, [3, 2, 1], champions=[3, 2], opened=[3, 2, 1])
    at = np.arange(64.0)
    score_arrivals(store, at, np.sin(at / 5), 1.0)
    data = Path(store.root) / run_name(1) / "dataset.parquet"
    continue_series(store, data, SeriesOfStore(), run_name(0), moves=True)
    write_values(store, seen_in(data))
    renew_latest(store)
    return store


def told(store: Store) -> list[str]:
    return [fault.told() for check in CHECKS for fault in check(store)]


def test_a_whole_store_has_none(store):
    assert len(read_ledger(store).scored)
    assert told(store) == []


def test_an_empty_store_has_none(tmp_path):
    assert told(Store(str(tmp_path / "empty"))) == []


@pytest.mark.parametrize(("file", "check"), [(CHAMPION, wrong_champion), (LEDGER, wrong_ledger)])
def test_a_champion_or_ledger_that_cannot_be_read_is_no_matter_for_a_machine(store, file, check):
    store.replace(file, b"damaged")
    (fault,) = check(store)
    assert file in fault.what
    assert fault.put_right is None
    list(lost_runs(store))


def test_a_champion_whose_folder_is_gone_is_told_with_the_one_to_go_back_to(store):
    shutil.rmtree(Path(store.root) / run_name(2))
    (fault,) = wrong_champion(store)
    assert "is no run folder" in fault.what
    assert fault.remedy.endswith(f"`wavecast rollback --store {store.url}` goes back to {run_name(3)}")
    assert fault.put_right is None, "who is the champion is for the operator to say"
    shutil.rmtree(Path(store.root) / run_name(3))
    (fault,) = wrong_champion(store)
    assert fault.remedy == "put the folder back from a backup"


def test_lines_that_are_there_twice_are_dropped(store):
    ledger = read_ledger(store)
    _write(store, Ledger(join([ledger.scored, ledger.scored.of(np.arange(3))]), ledger.closed))
    (fault,) = wrong_ledger(store)
    assert fault.what == "3 lines of the ledger say again what others say"
    assert fault.mend() == "3 lines were dropped"
    assert len(read_ledger(store).scored) == len(ledger.scored)
    assert told(store) == []


def test_lines_of_runs_that_are_gone_are_kept_and_the_runs_noted(store):
    shutil.rmtree(Path(store.root) / run_name(3))
    lines = len(read_ledger(store).scored)
    (fault,) = lost_runs(store)
    assert fault.what == f"{run_name(3)}: named by the ledger or as a champion, and gone"
    fault.mend()
    assert len(read_ledger(store).scored) == lines
    assert read_removed(store.files, store.root)[run_name(3)].how == "lost"
    assert told(store) == []


def test_a_damaged_record_of_removed_runs_is_moved_away(store):
    store.replace(REMOVED, b"{")
    (fault,) = lost_runs(store)
    assert fault.mend() == f"moved to {REMOVED}.damaged"
    assert told(store) == []


@pytest.mark.parametrize("damage", ["other", "torn", "csv", "gone"])
def test_a_latest_that_is_not_what_is_served_is_made_again(store, damage):
    latest = Path(store.root) / "latest"
    if damage == "other":
        put_copy(Path(store.root) / run_name(1), 0)
    elif damage == "torn":
        (latest / "forecast.json").write_text("{")
    elif damage == "csv":
        (latest / "forecast.csv").write_text("ds\n")
    else:
        shutil.rmtree(latest)
    (fault,) = wrong_latest_folder(store)
    assert fault.what.startswith("latest/")
    assert fault.mend() == "it is latest/ of what is served again"
    assert told(store) == []


def test_how_good_forecasts_were_may_have_changed_since(store):
    place = Path(store.root) / "latest" / "forecast.json"
    content = json.loads(place.read_text())
    place.write_text(json.dumps({**content, "quality": {}}))
    assert wrong_latest(store) is None


def test_a_run_that_is_served_and_cannot_be_read_is_told(store):
    (Path(store.root) / run_name(1) / "forecast.parquet").write_bytes(b"no table")
    (fault,) = wrong_latest_folder(store)
    assert run_name(1) in fault.what
    assert fault.put_right is None


def test_a_damaged_series_json_is_moved_away(store):
    store.replace(SERIES, b"{")
    (fault,) = wrong_series(store)
    assert fault.mend() == f"moved to {SERIES}.damaged; the next retraining makes it again"
    assert read_identity(store) is None


def test_values_that_are_not_there_are_no_fault_while_a_retraining_has_them(store):
    (Path(store.root) / VALUES).unlink()
    assert told(store) == []


def test_values_that_are_not_those_of_series_json_are_written_anew(store):
    store.replace(VALUES, b"no table")
    (fault,) = wrong_series(store)
    fault.mend()
    assert read_values(store, read_identity(store)) is not None
    assert told(store) == []


def test_values_that_no_retraining_had_stay_wrong(store):
    identity = read_identity(store)
    write_identity(store, identity.model_copy(update={"digests": {0: "other"}}))
    (fault,) = wrong_series(store)
    with pytest.raises(CorruptIdentity, match="the next one writes them anew"):
        fault.mend()


@pytest.mark.parametrize("file", ["monitor.json", "feed.json"])
def test_what_may_be_lost_is_moved_away_where_it_is_damaged(store, file):
    store.replace(file, b"[")
    (fault,) = wrong_status(store)
    assert fault.mend() == f"moved to {file}.damaged"
    assert (Path(store.root) / f"{file}.damaged").read_bytes() == b"["
    assert told(store) == []


def test_marks_in_the_ledger_are_no_fault(store):
    ledger = read_ledger(store)
    voided = np.full(len(ledger.scored), "because", dtype=object)
    _write(store, Ledger(replace(ledger.scored, voided=voided), ledger.closed))
    assert told(store) == []
