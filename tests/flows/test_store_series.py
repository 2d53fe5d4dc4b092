"""A store that knows its series, on a Prefect test server: from the first retraining to what is refused and voided."""

import json
from pathlib import Path

import numpy as np
import pytest

from artifacts.gallery.build import INDEX
from artifacts.lifecycle.identity import read_identity
from artifacts.lifecycle.ledger import read_ledger
from artifacts.lifecycle.monitor import MONITOR
from artifacts.lifecycle.registry import Registry
from artifacts.store.store import Store
from flows.monitor import monitor
from flows.retrain import retrain
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings
from flows.void import VoidSettings, void
from rnn.lifecycle.identity import NotTheSameSeries
from rnn.recipes import AutoregressiveRecipe

pytestmark = pytest.mark.usefixtures("prefect_server")

QUICK = AutoregressiveRecipe(iterations=3, hidden=4, folds=2)
WAVE = 50 + np.sin(np.arange(400) / 5) + np.random.default_rng(0).normal(0, 0.02, 400)

HALF = 49.2
"""Nothing unheard of, and far from what 24 July is to be."""


def test_one_store_through_a_month_of_files(tmp_path, caplog):
    store, data = str(tmp_path / "runs"), tmp_path / "sales.csv"
    runs = Store(store)

    def arrives(y) -> None:
        rows = (f"{np.datetime64('2026-01-01') + t},{value:.6f}\n" for t, value in enumerate(y))
        data.write_text("day,sales\n" + "".join(rows))

    def looks(**given) -> dict:
        monitor(MonitorSettings(store=store, **given))
        return json.loads((Path(store) / MONITOR).read_text())

    arrives(WAVE[:200])
    task = {"group_size": 4, "horizon": 5, "folds": 4, "autoregressive": QUICK}
    first = Path(retrain(RetrainSettings(store=store, data=str(data), **task)))
    assert read_identity(runs).unique_id == "sales"

    # Neither the file nor the task is given again; half of the newest day is not scored as if it were whole.
    arrives([*WAVE[:204], HALF])
    assert looks(hold_back=1, revise_within="2d")["added"] == 3 * 4
    assert read_identity(runs).source["data"] == str(data)
    seen = looks(hold_back=0)
    assert seen["sentence"].startswith("Anomaly: 2026-07-24 was 49.2, and 50")
    assert (seen["unique_id"], seen["points"]) == ("sales", 3 * 5)
    assert "absurd" in (Path(store) / INDEX).read_text()

    # The day is whole, and its score follows.
    arrives(WAVE[:206])
    seen = looks()
    assert (seen["revised"], seen["anomaly"]) == (3, None)
    assert not seen["sentence"].startswith("Anomaly")

    # Another unit is refused by both, with nothing trained, scored or promoted; the champion forecasts all the same.
    before = Registry(runs).promotions(), (Path(store) / MONITOR).read_text(), read_ledger(runs).closed
    arrives(1000 * WAVE[:210])
    for flow, settings in ((monitor, MonitorSettings(store=store)), (retrain, RetrainSettings(store=store, **task))):
        state = flow(settings, return_state=True)
        assert state.is_failed()
        assert isinstance(state.result(raise_on_failure=False), NotTheSameSeries)
        assert "1000 times what they were" in state.message
        assert "--accept scale" in state.message
    assert (Registry(runs).promotions(), (Path(store) / MONITOR).read_text(), read_ledger(runs).closed) == before
    assert [runs.run(name).flow for name in runs.runs()] == ["retrain", "serve"]
    assert "refused" in (Path(store) / INDEX).read_text()

    # A restated past is told and marked, and goes on.
    restated = WAVE[:208].copy()
    restated[[50, 202]] += 0.5
    arrives(restated)
    caplog.clear()
    seen = looks()
    assert "The past was restated: 2 of 20" in caplog.text
    assert (seen["restated"], read_identity(runs).refused) == (3, None)
    assert read_identity(runs).restatements[0].first == "2026-02-20"

    # What was scored in error is taken back, and stays on record.
    counted = sum(seen["live"][0]["points"])
    said = void(VoidSettings.model_validate({"store": store, "from": "2026-07-22", "why": "a stuck till"}))
    assert said.startswith("6 lines of 2026-07-22 are voided")
    seen = looks()
    assert (seen["voided"], sum(seen["live"][0]["points"])) == (6, counted - 2), "said by two runs, by each method"
    assert len(read_ledger(runs).scored) == seen["points"] > 3 * 8

    # The next retraining needs no file either.
    second = Path(retrain(RetrainSettings(store=store, folds=4, autoregressive=QUICK)))
    config = json.loads((second / "manifest.json").read_text())["config"]
    assert second != first
    assert (config["data"], config["group_size"], config["horizon"]) == (str(data), 4, 5)
