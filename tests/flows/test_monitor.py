"""Monitoring on a Prefect test server: forecasts scored as data arrive, drift announced once, and what is published."""

import json
from pathlib import Path

import numpy as np
import pytest
from prefect import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

from artifacts.lifecycle.ledger import LEDGER, CorruptLedger, read_ledger
from artifacts.lifecycle.monitor import MONITOR
from artifacts.lifecycle.registry import Registry
from artifacts.store.digests import digest_files
from artifacts.store.naming import store_id
from artifacts.store.store import Store
from flows.monitor import monitor
from flows.retrain import retrain
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings
from rnn.readers.problems import BadSource
from rnn.recipes import AutoregressiveRecipe

pytestmark = pytest.mark.usefixtures("prefect_server")

QUICK = AutoregressiveRecipe(iterations=3, hidden=4, folds=2)
T = np.arange(400)
WAVE = np.sin(T / 5) + np.random.default_rng(0).normal(0, 0.02, 400)


@pytest.fixture
def events(monkeypatch):
    told = []
    monkeypatch.setattr("tasks.support.events.emit_event", lambda event, **more: told.append((event, more)))
    monkeypatch.setattr("tasks.monitor.is_awaited", lambda event, store: True)
    return told


@pytest.fixture
def operator(tmp_path):
    """A file that grows, retraining and monitoring on it."""

    class Operator:
        store, data = tmp_path / "runs", tmp_path / "data.csv"

        def arrives(self, y, first: int = 0) -> None:
            rows = "".join(f"{t},{value:.6f}\n" for t, value in enumerate(y) if t >= first)
            self.data.write_text("t,y\n" + rows)

        def retrains(self) -> Path:
            more = {"group_size": 4, "horizon": 5, "folds": 4, "autoregressive": QUICK}
            return Path(retrain(RetrainSettings(store=str(self.store), data=str(self.data), **more)))

        def looks(self, **changes) -> dict:
            place = monitor(MonitorSettings(store=str(self.store), data=str(self.data), **changes))
            assert Path(place) == self.store / MONITOR
            return json.loads(Path(place).read_text())

    return Operator()


def newest_artifact(key: str, store: Path):
    of_store = ArtifactFilterKey(any_=[f"{key}-{store_id(str(store))}"])
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=ArtifactFilter(key=of_store))
    return max(found, key=lambda one: one.created)


def test_from_quiet_to_drift_which_is_announced_once(operator, events):
    operator.arrives(WAVE[:200])
    run = operator.retrains()
    before = digest_files(run)
    events.clear()

    seen = operator.looks()
    assert (seen["added"], seen["drifts"], seen["drift"]) == (0, False, None)
    assert seen["sentence"] == "Nothing to judge yet: no forecast has an outcome."

    operator.arrives(WAVE[:208])
    seen = operator.looks()
    assert (seen["added"], seen["drift"]["cycles"], seen["drifts"]) == (3 * 8, 2, False)
    assert seen["sentence"].startswith("Quiet: no drift in the last 2 cycles; over 8 forecast points")
    assert [one["method"] for one in seen["live"]] == ["served", "persistence", "seasonal naive"]
    rows = json.loads(newest_artifact("live-error", operator.store).data)
    assert [row["groups ahead"] for row in rows] == ["1", "2"]
    assert "# Quiet" in newest_artifact("monitor", operator.store).data
    assert events == []

    operator.arrives(np.concatenate([WAVE[:208], 5 + WAVE[208:216]]))
    seen = operator.looks()
    assert (seen["drifts"], seen["drift"]["found"]) == (True, [4])
    assert seen["sentence"].startswith("Anomaly: 21")
    (feed, about), (event, more) = events
    assert (feed, about["payload"]["kind"]) == ("wavecast.feed", "anomaly")
    assert event == "wavecast.drift"
    assert more["resource"]["prefect.resource.id"].startswith("wavecast.store.")
    assert more["payload"]["store"] == str(operator.store)
    assert (more["payload"]["run"], more["payload"]["until"]) == (run.name, "215")
    assert more["payload"]["times_usual"] > 2
    assert "# Anomaly and drift" in newest_artifact("monitor", operator.store).data

    again = operator.looks()
    assert (again["added"], again["drifts"], len(events)) == (0, True, 2), "an hour later: known already"
    assert digest_files(run) == before, "a run folder is never touched"

    champion = operator.retrains()
    if Registry(Store(str(operator.store))).champion().run == champion.name:
        assert operator.looks()["drift"] is None, "the test begins anew with a new champion"


def test_drift_that_nobody_waits_for_stays_to_be_announced_and_it_is_said(operator, events, monkeypatch, caplog):
    operator.arrives(WAVE[:200])
    operator.retrains()
    operator.arrives(np.concatenate([WAVE[:208], 5 + WAVE[208:216]]))
    events.clear()
    with monkeypatch.context() as by_hand:
        by_hand.setattr("tasks.monitor.is_awaited", lambda event, store: False)
        seen = operator.looks()
    assert (seen["drifts"], seen["announced"], events) == (True, [], [])
    assert "the drift is not announced" in caplog.text
    caplog.clear()
    seen = operator.looks()
    assert (len(seen["announced"]), len(events)) == (2, 2), "the anomaly and the drift"
    assert "not announced" not in caplog.text


def test_the_ledger_is_the_same_though_the_file_lost_its_first_rows(operator, events):
    operator.arrives(WAVE[:200])
    operator.retrains()
    operator.arrives(WAVE[:212], first=50)
    assert operator.looks()["drift"]["cycles"] == 3
    scored = read_ledger(Store(str(operator.store))).scored
    np.testing.assert_allclose(scored.truth[scored.method == "served"], WAVE[200:212], atol=1e-6)


def test_cycles_may_be_of_several_groups(operator, events):
    operator.arrives(WAVE[:200])
    operator.retrains()
    operator.arrives(WAVE[:216])
    assert operator.looks(cycle=2)["drift"]["cycles"] == 2


def test_a_store_without_runs_is_no_trouble(operator):
    operator.arrives(WAVE[:50])
    assert operator.looks()["champion"] is None


def test_without_a_file_it_looks_at_the_articles_series(tmp_path):
    store = str(tmp_path / "runs")
    retrain(RetrainSettings(store=store, autoregressive=QUICK, folds=3))
    seen = json.loads(Path(monitor(MonitorSettings(store=store, points=630))).read_text())
    assert (seen["added"], seen["drift"]["cycles"]) == (3 * 30, 5)
    assert seen["newest"] == "6.3"


def test_mistakes_are_told_in_one_line_and_change_nothing(operator):
    operator.data.write_text("t,y\n1,2\n2,what\n3,4\n")
    state = monitor(MonitorSettings(store=str(operator.store), data=str(operator.data)), return_state=True)
    assert state.is_failed()
    assert isinstance(state.result(raise_on_failure=False), BadSource)
    operator.arrives(WAVE[:50])
    operator.store.mkdir(exist_ok=True)
    (operator.store / LEDGER).write_text("no ledger")
    state = monitor(MonitorSettings(store=str(operator.store), data=str(operator.data)), return_state=True)
    assert isinstance(state.result(raise_on_failure=False), CorruptLedger)
    assert "\n" not in state.message
    assert not (operator.store / MONITOR).exists()


def test_an_unhealthy_feed_is_told_and_nothing_is_scored_by_it(operator):
    operator.arrives(WAVE[:200])
    operator.retrains()
    operator.arrives(np.append(WAVE[:200], WAVE[199]))
    status = operator.looks()
    assert (status["feed"], status["added"]) == ([], 0), "it may be flat, which the next value tells"
    operator.arrives(np.concatenate([WAVE[:200], np.full(20, WAVE[199])]))
    status = operator.looks()
    assert status["sentence"].startswith("The last 21 values, since 199, are all ")
    assert [finding["kind"] for finding in status["feed"]] == ["flat"]
    assert (status["added"], status["points"]) == (0, 0)
    operator.arrives(WAVE[:220])
    assert operator.looks()["feed"] == []
    assert operator.looks()["points"] > 0
