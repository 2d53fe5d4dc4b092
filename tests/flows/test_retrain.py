"""Retraining on a Prefect test server: who becomes champion, what is left alone, and what a run leaves behind."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from artifacts.files.forecasts import read_forecasts
from artifacts.lifecycle.contender import ChampionGone, OtherTask
from artifacts.lifecycle.identity import read_identity
from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.digests import digest_files
from artifacts.store.listing import MANIFEST
from artifacts.store.store import Store
from flows import retrain as module
from flows.explain import ExplainSettings, explain
from flows.promote import ByHandSettings, promote
from flows.retrain import retrain
from flows.settings.base import StoreSettings
from flows.settings.retrain import RetrainSettings
from flows.verify import verify
from rnn.errors import NoVerdict
from rnn.readers.problems import BadSource
from rnn.recipes import AutoregressiveRecipe
from tasks.data import champions_task
from tests.run_records import manifest

pytestmark = pytest.mark.usefixtures("prefect_server")

QUICK = AutoregressiveRecipe(iterations=3, hidden=4, folds=2)
NOISE = np.random.default_rng(0).normal(0, 0.02, 400)
WAVE = np.sin(np.arange(400) / 5) + NOISE
WALK = np.cumsum(np.random.default_rng(1).normal(size=400))

FILES = {
    "dataset.parquet", "forecast.csv", "forecast.parquet", "report.html", "anatomy.html", "manifest.json",
    "verdict.json",
    "models/autoregressive/final.npz", "models/autoregressive/history.parquet",
    "plots/forecast.png", "plots/intervals.png", "plots/verdict.png",
}  # fmt: skip


@pytest.fixture
def operator(tmp_path):
    """A file that grows, and retraining on it."""

    class Operator:
        store, data = tmp_path / "runs", tmp_path / "data.csv"

        def arrives(self, y) -> None:
            self.data.write_text("t,y\n" + "".join(f"{t},{value:.6f}\n" for t, value in enumerate(y)))

        def settings(self, **changes) -> RetrainSettings:
            given = {"store": str(self.store), "data": str(self.data), "group_size": 4, "horizon": 2, "folds": 4}
            return RetrainSettings(**{**given, "autoregressive": QUICK, **changes})

        def retrains(self, **changes) -> Path:
            return Path(retrain(self.settings(**changes)))

        @property
        def registry(self) -> Registry:
            return Registry(Store(str(self.store)))

    return Operator()


def verdict(place: Path) -> dict:
    return json.loads((place / VERDICT).read_text())


def test_from_the_first_data_to_a_champion_that_is_replaced(operator, monkeypatch):
    promoted = []
    monkeypatch.setattr(
        "tasks.support.events.emit_event", lambda event, **more: promoted.append((event, more["payload"]))
    )
    operator.arrives(WAVE[:200])
    first = operator.retrains()
    assert set(digest_files(first)) == FILES
    assert set(manifest(first)["files"]) == FILES - {MANIFEST}
    assert verdict(first)["decision"] == "promote"
    assert verdict(first)["champion"] is None
    assert manifest(first)["parent"] is None
    assert operator.registry.champion().run == first.name

    assert operator.retrains() == first, "nothing new"
    assert Store(str(operator.store)).runs() == [first.name]

    operator.arrives(WAVE[:230])
    second = operator.retrains()
    assert verdict(second)["champion"] == {"run": first.name, "method": "autoregressive"}
    assert manifest(second)["parent"] == first.name
    was = [fold["champion_was"] for fold in verdict(second)["folds"]]
    assert "itself" in was
    assert was == sorted(was, reverse=True), "trained again at first, then itself"
    assert [p.run for p in operator.registry.promotions()] == [first.name, second.name][: len(promoted)]
    assert all(event == "wavecast.promotion" for event, _ in promoted)
    assert promoted[0][1]["run"] == first.name


def test_what_is_served_is_the_challengers_forecast_when_it_is_promoted(operator):
    operator.arrives(WAVE[:200])
    forecasts, truth = read_forecasts(operator.retrains() / "forecast.parquet")
    assert [forecast.method for forecast in forecasts] == ["served", "persistence", "seasonal naive"]
    assert truth is None
    served = forecasts[0]
    assert served.x.ravel().tolist() == list(range(200, 208))
    assert np.sqrt(np.mean((served.y.ravel() - np.sin(np.arange(200, 208) / 5)) ** 2)) < 0.3
    assert (served.intervals.lower90 <= served.intervals.upper90).all()


def test_on_a_random_walk_a_naive_forecast_is_served_and_it_is_said(operator):
    operator.arrives(WALK)
    place = operator.retrains(folds=10)
    decided = verdict(place)
    champion = operator.registry.champion()
    assert decided["decision"] == "serve naive"
    assert champion.method == decided["naive"]
    assert "is served, since no network beats it" in champion.why
    forecasts = {forecast.method: forecast for forecast in read_forecasts(place / "forecast.parquet")[0]}
    np.testing.assert_array_equal(forecasts["served"].y, forecasts[decided["naive"]].y)
    assert "challenger" in forecasts


def test_the_champion_stays_and_forecasts_when_the_challenger_is_worse(operator):
    operator.arrives(WAVE[:200])
    first = operator.retrains()
    operator.arrives(WAVE[:232])
    # A recipe that can hardly learn anything: the champion's twin at earlier origins keeps its own.
    poor = QUICK.model_copy(
        update={"memories": (2,), "recurrent_memories": (), "penalties": (1.0,), "ranks": (), "sections": 0}
    )
    second = operator.retrains(autoregressive=poor)
    assert verdict(second)["decision"] == "keep"
    assert operator.registry.champion().run == first.name
    forecasts = {forecast.method: forecast for forecast in read_forecasts(second / "forecast.parquet")[0]}
    assert set(forecasts) == {"served", "challenger", "persistence", "seasonal naive"}
    truth = np.sin(np.arange(232, 240) / 5)
    errors = {method: np.sqrt(np.mean((f.y.ravel() - truth) ** 2)) for method, f in forecasts.items()}
    assert errors["served"] < errors["persistence"]


def test_an_unfinished_promotion_is_finished_and_other_settings_are_something_new(operator):
    operator.arrives(WAVE[:200])
    first = operator.retrains()
    (operator.store / CHAMPION).unlink()  # as if it had been killed just before
    assert operator.retrains() == first
    assert operator.registry.champion().run == first.name
    assert operator.retrains(margin=0.1) != first


def test_a_store_that_was_moved_has_the_same_data_and_settings(operator):
    operator.arrives(WAVE[:200])
    first = operator.retrains()
    operator.store = operator.store.rename(operator.store.with_name("elsewhere"))
    assert operator.retrains() == operator.store / first.name


def test_after_a_change_by_hand_the_champions_forecast_is_what_is_returned(operator):
    operator.arrives(WAVE[:200])
    first = operator.retrains()
    operator.arrives(WAVE[:216])
    second, registry = operator.retrains(), operator.registry
    other = first if registry.champion().run == second.name else second
    promote(other.name, ByHandSettings(store=str(operator.store)))
    place = operator.retrains()
    assert manifest(place)["flow"] == "serve"
    assert verdict(place)["serves"]["run"] == other.name
    assert read_forecasts(place / "forecast.parquet")[0][0].x.ravel().tolist() == list(range(216, 224))

    rival = second if other == first else first
    registry.promote(rival.name, "autoregressive", "promote", "as earlier versions did", registry.champion())
    third = operator.retrains()
    assert manifest(third)["flow"] == "retrain", "the champion is not the one that is served: that is something new"
    assert third not in (first, second)


def test_who_is_promoted_meanwhile_is_the_one_to_beat(operator, monkeypatch):
    operator.arrives(WAVE[:200])
    rivals, draw = [], module.draw_retraining

    def drawing(*args):
        if not rivals:
            shutil.copytree(first, operator.store / "20990101T000000Z-rival")
            champion = operator.registry.champion()
            rivals.append(
                operator.registry.promote("20990101T000000Z-rival", "autoregressive", "promote", "", champion)
            )
        return draw(*args)

    first = operator.retrains()
    monkeypatch.setattr(module, "draw_retraining", drawing)
    operator.arrives(WAVE[:216])
    second = operator.retrains()
    assert verdict(second)["champion"]["run"] == "20990101T000000Z-rival"
    fate = "was promoted" if verdict(second)["decision"] == "promote" else "was not promoted"
    assert f"The challenger, which this run trained, {fate}" in (second / "anatomy.html").read_text()
    assert [p.run for p in operator.registry.promotions()][:2] == [first.name, "20990101T000000Z-rival"]


def test_a_retrainings_run_is_explained_and_verified(operator):
    operator.arrives(WAVE[:200])
    first = operator.retrains()
    operator.arrives(WAVE[:216])
    second = operator.retrains()
    told = explain(second.name, settings=ExplainSettings(store=str(operator.store)))
    assert first.name in told
    assert "challenger" in told
    answer = verify(second.name, StoreSettings(store=str(operator.store)))
    assert answer.code == 0, answer.text


def refused(operator, error: type[Exception], match: str, **changes) -> None:
    """Retraining fails with one line, and the champion and the runs are as they were."""
    before = operator.registry.promotions(), operator.registry.store.runs()
    with pytest.raises(error, match=match) as told:
        operator.retrains(**changes)
    assert "\n" not in str(told.value)
    assert (operator.registry.promotions(), operator.registry.store.runs()) == before


def test_a_gate_that_cannot_be_computed_fails_the_run(operator):
    operator.arrives(WAVE[:90])
    refused(operator, NoVerdict, "90 points leave 1 folds to judge on, and 3 are needed: give 96 points")
    operator.arrives(WAVE[:9])
    refused(operator, NoVerdict, "9 points leave 0 folds to judge on")
    operator.arrives(WAVE[:3])
    refused(operator, BadSource, "3 points, and at least")


def test_a_champion_whose_run_is_gone_fails_the_run(operator):
    operator.arrives(WAVE[:200])
    shutil.rmtree(operator.retrains())
    operator.arrives(WAVE[:220])
    refused(operator, ChampionGone, "put the folder back, or choose another champion")


def test_another_task_than_the_champions_is_refused(operator):
    operator.arrives(WAVE[:200])
    operator.retrains()
    refused(operator, OtherTask, "the champion forecasts 2 groups of 4, and 3 of 4 are asked for", horizon=3)


def test_a_retraining_without_a_task_takes_the_champions_and_the_first_one_what_suits_the_file(operator):
    operator.arrives(WAVE[:200])
    first = manifest(operator.retrains(group_size=None, horizon=None))["config"]
    assert isinstance(first["group_size"], int)
    assert isinstance(first["horizon"], int)
    assert champions_task(f"{operator.store}-other") is None
    operator.arrives(np.sin(np.arange(230) * 2 * np.pi / 9) + NOISE[:230])  # the doctor would now propose nines
    again = manifest(operator.retrains(group_size=None, horizon=None, accept=("another",)))["config"]
    assert (again["group_size"], again["horizon"]) == (first["group_size"], first["horizon"])


def test_too_few_folds_are_told_before_anything_is_trained(operator, monkeypatch):
    operator.arrives(WAVE[:100])
    monkeypatch.setattr(module, "train_ensemble", None)
    refused(operator, NoVerdict, "folds to judge on", horizon=20)


def test_without_a_file_the_articles_series_is_retrained_on(operator):
    place = operator.retrains(data=None, horizon=20, group_size=6)
    assert verdict(place)["decision"] in ("promote", "serve naive")
    assert len(verdict(place)["folds"]) == 4


def latest(operator) -> dict:
    return json.loads((operator.store / "latest" / "forecast.json").read_text())


def test_a_forecast_every_night_whatever_happens(operator, monkeypatch):
    """One operator's bad nights: nothing is learned or promoted, and what is served says what it is."""
    operator.arrives(WAVE[:200])
    first = operator.retrains()
    served = latest(operator)
    assert (served["run"], served["label"]) == (first.name, f"champion on data up to {served['data']['last']:g}")
    champions = operator.registry.promotions()

    announced = []
    monkeypatch.setattr("tasks.support.events.emit_event", lambda event, **more: announced.append((event, more)))
    for name in ("feed", "identity"):
        monkeypatch.setattr(f"tasks.{name}.is_awaited", lambda event, store: True)
    operator.arrives(np.concatenate([WAVE[:200], 1000 * WAVE[200:208]]))
    state = retrain(operator.settings(), return_state=True)
    assert state.is_failed()
    assert "does not continue the store's series" in state.message
    assert latest(operator)["label"].startswith("champion on data up to 199")

    operator.arrives(np.append(WAVE[:200], WAVE[199]))
    state = retrain(operator.settings(), return_state=True)
    assert state.message.startswith("warning: nothing is learned (The last 2 values, since 199, are all ")
    assert [more["payload"]["kind"] for _, more in announced] == ["refused"], "of this the next value tells"

    stuck = np.concatenate([WAVE[:200], np.full(8, WAVE[199])])
    operator.arrives(stuck)
    state = retrain(operator.settings(), return_state=True)
    assert state.is_completed()
    assert state.message.startswith("warning: nothing is learned (The last 9 values, since 199, are all ")
    stand_in = Path(state.result())
    assert manifest(stand_in)["flow"] == "serve"
    assert (latest(operator)["run"], latest(operator)["data"]["last"]) == (stand_in.name, 199.0)
    assert latest(operator)["label"].startswith("champion on data up to 199")
    assert operator.retrains() == stand_in, "it says the same: nothing is published again"
    told = [(event, more["payload"]["kind"], more["payload"]["since"]) for event, more in announced]
    assert told == [("wavecast.feed", "refused", "199"), ("wavecast.feed", "flat", "199")]
    assert read_identity(Store(str(operator.store))).last == "199", "what looks wrong is not known"
    assert "The feed is flat." in (operator.store / "index.html").read_text()

    operator.data.write_text("t,y\n1,2\n2,oops\n")
    state = retrain(operator.settings(), return_state=True)
    assert state.is_failed(), "so that alarms work"
    assert "no column beside 't' holds numbers" in state.message
    assert "\n" not in state.message
    assert latest(operator)["data"]["last"] == 199.0
    assert operator.registry.promotions() == champions

    operator.arrives(stuck)
    trusted = operator.retrains(trust_feed=True)
    assert manifest(trusted)["flow"] == "retrain"
    assert latest(operator)["data"]["last"] == 207.0
