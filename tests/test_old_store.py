"""A store that was written before the house had sub-packages is read, served, monitored and retrained as ever.

tests/stores/before-sub-packages.tar.xz holds such a store: two retrainings of daily sales, the first the champion, a
ledger, a monitor's status and a main job, without pictures and pages. sales.csv beside it is the newest file.
"""

import json
import tarfile
from pathlib import Path

import pytest

from artifacts.files.forecasts import FORECAST, read_forecasts
from artifacts.files.models import read_ensemble
from artifacts.gallery.build import INDEX, build
from artifacts.lifecycle.ledger import read_ledger
from artifacts.lifecycle.registry import Registry
from artifacts.store.runs import find_run
from artifacts.store.store import Store
from flows.cli import main
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings

KEPT = Path(__file__).parent / "stores" / "before-sub-packages.tar.xz"
FIRST, SECOND, MAIN = "20261126T010615Z-38bfac", "20261126T010649Z-b2fee7", "20261126T010718Z-76b499"


@pytest.fixture
def store(tmp_path) -> Path:
    with tarfile.open(KEPT) as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path


def test_its_champion_history_and_ledger_are_read(store, capsys):
    champion = Registry(Store(str(store))).champion()
    assert (champion.run, champion.method) == (FIRST, "autoregressive")
    assert len(read_ledger(Store(str(store))).scored) == 21
    main(["history", "--store", str(store)])
    assert FIRST in capsys.readouterr().out


def test_its_runs_are_explained_and_their_files_read(store, capsys):
    main(["explain", "latest", "--store", str(store)])
    assert MAIN in capsys.readouterr().out
    ensemble = read_ensemble(store / SECOND / "models/autoregressive")
    served = read_forecasts(store / SECOND / FORECAST)[0][0]
    assert served.method == "served"
    assert ensemble.forecast(1).shape == served.y.shape == (1, 7)
    assert find_run(str(store), FIRST[:15]).config["group_size"] == 7


def test_its_gallery_is_built(store):
    build(Store(str(store)))
    assert all(name in (store / INDEX).read_text() for name in (FIRST, SECOND, MAIN))


@pytest.mark.usefixtures("prefect_server")
def test_it_is_monitored_and_retrained_on(store):
    from flows.monitor import monitor
    from flows.retrain import retrain

    config = json.loads((store / SECOND / "manifest.json").read_text())["config"]
    own = {"store": str(store), "data": str(store / "sales.csv")}
    monitor(MonitorSettings(**own))
    run = Path(retrain(RetrainSettings.model_validate(config | own)))
    verdict = json.loads((run / "verdict.json").read_text())
    assert verdict["champion"]["run"] == FIRST
    assert {fold["champion_was"] for fold in verdict["folds"]} <= {"itself", "trained again"}
