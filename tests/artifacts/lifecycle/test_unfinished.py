"""What counts as a promotion that was broken off, and what does not."""

import json
import shutil
from pathlib import Path

import pytest

from artifacts.lifecycle.check_records import broken_promotion
from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.lifecycle.unfinished import finish_promotion, unfinished_promotion
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.store import Store
from tests.grown_store import grow, put_copy, run_name


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    """Two champions, and the run of yesterday that its gate promotes instead of the second."""
    store = grow(tmp_path, put_retraining, [3, 2, 1], champions=[3, 2])
    judged_beside(store, run_name(2))
    return store


def judged_beside(store: Store, champion: str | None) -> None:
    path = Path(store.root) / run_name(1) / VERDICT
    verdict = json.loads(path.read_text())
    verdict["champion"] = champion and {"run": champion, "method": "autoregressive"}
    path.write_text(json.dumps(verdict))


def test_the_run_that_its_gate_promotes_becomes_the_champion_once(store):
    before = Registry(store).promotions()
    promotion = finish_promotion(store)
    assert promotion.model == (run_name(1), "autoregressive")
    assert (promotion.how, promotion.why, promotion.parent) == ("gate", "It is better.", run_name(2))
    assert Registry(store).promotions() == [*before, promotion]
    assert finish_promotion(store) is None
    assert len(Registry(store).promotions()) == 3


def test_the_first_champion_too(store):
    (Path(store.root) / CHAMPION).unlink()
    assert unfinished_promotion(store) is None, "it was judged beside another"
    judged_beside(store, None)
    assert unfinished_promotion(store) is None, "the store has had champions"
    for days in (2, 3):
        shutil.rmtree(Path(store.root) / run_name(days))
    assert finish_promotion(store).parent is None


def test_what_was_judged_beside_another_champion_is_not_promoted(store):
    judged_beside(store, run_name(3))
    assert finish_promotion(store) is None


def test_what_was_the_champion_once_is_not_promoted_again(store):
    finish_promotion(store)
    Registry(store).rollback("it was late")
    assert Registry(store).champion().run == run_name(2)
    assert finish_promotion(store) is None


def test_a_forecast_without_training_and_one_of_the_champions_promote_nobody(store):
    path = Path(store.root) / run_name(1) / VERDICT
    verdict = json.loads(path.read_text())
    path.write_text(json.dumps(verdict | {"serves": {"run": run_name(2), "method": "autoregressive"}}))
    assert finish_promotion(store) is None
    path.write_text(json.dumps(verdict))
    put_copy(Path(store.root) / run_name(1), 0, "serve", model=run_name(2))
    assert finish_promotion(store) is None, "what is served is the champion's"


def test_somebody_else_may_finish_it_meanwhile(store, monkeypatch):
    unfinished = unfinished_promotion(store)
    promotion = finish_promotion(store)
    monkeypatch.setattr("artifacts.lifecycle.unfinished.unfinished_promotion", lambda store: unfinished)
    assert finish_promotion(store) is None
    assert Registry(store).champion() == promotion


def test_a_check_tells_it_and_mends_it(store):
    (fault,) = broken_promotion(store)
    assert fault.told() == f"{run_name(1)} passed its gate and is not the champion: the run was killed just before"
    assert fault.mend() == f"{run_name(1)} is the champion"
    assert list(broken_promotion(store)) == []
    store.replace(CHAMPION, b"damaged")
    assert list(broken_promotion(store)) == [], "that is told by its own check"
