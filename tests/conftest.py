"""What tests of several rooms need: one Prefect server for all of them, with storage of its own."""

import os

import pytest
from hypothesis import settings

os.environ["DO_NOT_TRACK"] = "1"

# No example has a time limit: how long one takes says more about the machine than about the code. The examples are
# the same everywhere, so that what passes here passes elsewhere; `--hypothesis-profile search` looks for new ones.
settings.register_profile("wavecast", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("wavecast")


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory):
    """A temporary Prefect server, started once, with an empty database and an empty result storage."""
    from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    storage = tmp_path_factory.mktemp("prefect-storage")
    with (
        temporary_settings({PREFECT_LOCAL_STORAGE_PATH: storage}),
        prefect_test_harness(server_startup_timeout=300),
    ):
        yield


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL that runs, with no database but its own (tests/postgres.py); skips where none is installed."""
    from tests.postgres import running_postgres

    with running_postgres() as running:
        yield running


@pytest.fixture(scope="module")
def bucket():
    """`s3://sales`, an empty bucket on a server of this machine (tests/s3.py)."""
    from tests.s3 import running_s3

    with running_s3() as running:
        yield running


@pytest.fixture
def put_retraining():
    """`put_retraining(store, name, seed, points, method)`: a whole run of a retraining, made without Prefect.

    It learned a noisy wave of so many `points`, group size 4, and serves what it learned, or a naive `method`.
    """
    import json
    from pathlib import Path

    import numpy as np

    from artifacts.files.forecasts import FORECAST, write_forecasts
    from artifacts.files.models import write_ensemble
    from artifacts.files.series import DATASET, FOUND, write_series
    from artifacts.lifecycle.verdict import VERDICT
    from artifacts.store.manifest import write_manifest
    from flows.settings.retrain import RetrainSettings
    from rnn.ensemble.training import train
    from rnn.lifecycle.folds import Contender
    from rnn.lifecycle.serving import served_beside
    from rnn.random_streams import stream
    from rnn.readers.summary import FileSummary
    from rnn.recipes import AutoregressiveRecipe
    from rnn.series import Series, group

    def put(store, name: str, seed: int = 0, points: int = 120, method: str = "autoregressive") -> Path:
        recipe = AutoregressiveRecipe(iterations=2, hidden=3, folds=2)
        task = {"group_size": 4, "horizon": 2, "folds": 4}
        config = RetrainSettings(store=str(store), data="wave.csv", seed=seed, autoregressive=recipe, **task)
        y = np.sin(np.arange(points) / 5) + np.random.default_rng(3).normal(0, 0.02, points)
        series = Series(np.arange(float(points)), y, 1.0)
        folder = Path(store) / name
        (folder / "models" / "autoregressive").mkdir(parents=True)
        found = FileSummary(
            file="wave.csv", kind="CSV", rows=points, columns=("t", "y"), time_column="t", value_column="y",
            time_how="by its name", value_how="the only other one with numbers", spacing="every 1", first="0",
            last=str(points - 1), points=points, period=1, gaps=0, repairs={},
        )  # fmt: skip
        write_series(folder / DATASET, series, {"source": "wave.csv", "digest": "0", FOUND: found.plain()})
        groups = group(series, 4)
        ensemble = train(groups, recipe, stream(seed, "autoregressive"), horizon=2)
        write_ensemble(folder / "models" / "autoregressive", ensemble)
        served = Contender(method, recipe, seed, ensemble if method == "autoregressive" else None)
        write_forecasts(folder / FORECAST, served_beside(served, {}, groups, 2), None)
        (folder / VERDICT).write_text(
            json.dumps({"decision": "promote", "sentence": "It is better.", "naive": "persistence", "folds": [],
                        "champion": None, "serves": {"run": None, "method": method}})
        )  # fmt: skip
        stamp = f"{name[:4]}-{name[4:6]}-{name[6:8]}T{name[9:11]}:{name[11:13]}:{name[13:15]}+00:00"
        execution = {"run": name, "published": stamp}
        write_manifest(folder, "retrain", config.model_dump(mode="json"), {}, execution)
        return folder

    return put


CHECKED = "golden numbers"
"""The property under which a golden test notes what it checked; the end of the pytest output lists them."""


def pytest_terminal_summary(terminalreporter):
    """Say what the golden tests that passed have compared, and how closely: it depends on the machine."""
    passed = [dict(report.user_properties).get(CHECKED) for report in terminalreporter.getreports("passed")]
    checked = [what for what in passed if what]
    if checked:
        terminalreporter.section(CHECKED)
    for what in dict.fromkeys(checked):
        terminalreporter.line(f"{what} [{checked.count(what)} tests]")
