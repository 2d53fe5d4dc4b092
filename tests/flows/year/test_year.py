"""A dozen nights with faults, on a real store: each leaves a forecast that says what it is, and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from artifacts.files.nights import NIGHTS, PLAN, read_nights
from artifacts.lifecycle.registry import Registry
from artifacts.store.store import Store
from rnn.lifecycle.faults import Fault, YearPlan
from rnn.lifecycle.nights import Night, count

ROOT = Path(__file__).parents[3]
FAULTS = (
    None, None, Fault("stale"), None, Fault("shifted"), Fault("half-written"), Fault("restated"),
    Fault("newest x1000"), Fault("killed"), Fault("disk full"), Fault("server away"), Fault("clock jumps"),
    Fault("flat"), Fault("flat", 1),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("year")
    (folder / PLAN).write_text(YearPlan(seed=5, faults=FAULTS).model_dump_json())
    command = [sys.executable, "-m", "flows.year.year", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as killed:
        told = [int(next(killed.stdout)) for _ in range(4)]
        killed.kill()
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr[-3000:]
    rest = [int(line) for line in done.stdout.split()]
    assert told == [0, 1, 2, 3]
    assert rest in ([*range(3, len(FAULTS))], [*range(4, len(FAULTS))]), "a year that is killed goes on"
    return folder


@pytest.fixture(scope="module")
def nights(folder) -> dict[str, Night]:
    found = read_nights(folder / NIGHTS)
    assert [night.fault for night in found] == list(FAULTS)
    return {f"{night.fault.kind} {night.fault.night}" if night.fault else str(night.number): night for night in found}


def test_a_forecast_is_there_every_night(nights):
    assert all(night.there for night in nights.values())


def test_nothing_is_lost_or_torn_and_nothing_needs_a_hand(nights):
    assert [night.lost for night in nights.values()] == [()] * len(FAULTS)
    assert [night.by_hand for night in nights.values()] == [()] * len(FAULTS)


def test_a_forecast_from_older_data_says_of_which_day_they_are(nights):
    for kind in ("shifted 0", "half-written 0", "newest x1000 0", "flat 0", "flat 1"):
        night = nights[kind]
        assert night.labelled
        assert night.said == night.cutoff
    assert nights["shifted 0"].label == "champion on data of 31 July 2024, 2 days old"


def test_good_data_are_learned_under_a_fault_that_leaves_them_good(nights):
    for kind in ("0", "stale 0", "restated 0", "server away 0", "clock jumps 0"):
        assert nights[kind].labelled
        assert nights[kind].cutoff == nights[kind].delivered


def test_bad_data_are_not_learned(nights):
    counts = count(list(nights.values()))
    assert counts.promotions > 0
    assert (counts.promotions_on_bad, counts.forecasts_from_bad) == (0, 0)


def test_alarms_ring_when_they_are_due(nights):
    spared = ["killed 0"] if "Crashed" not in nights["killed 0"].outcome else []  # it was done before it was killed
    assert [kind for kind, night in nights.items() if bool(night.alarms) != night.alarm_due] == spared


def test_a_killed_night_ends_with_the_bytes_of_an_undisturbed_one(nights):
    assert nights["killed 0"].same_bytes is True
    assert nights["killed 0"].labelled or nights["killed 0"].labelled_again


def test_the_full_disk_is_told_and_the_night_run_again_is_good(nights):
    night = nights["disk full 0"]
    assert night.labelled or night.labelled_again


def test_the_store_is_a_real_one(folder):
    store = Store(str(folder / "store"))
    assert len(store.runs()) >= 8
    assert Registry(store).champion() is not None
