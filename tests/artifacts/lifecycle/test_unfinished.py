"""What counts as a promotion that was broken off, and what does not."""

import json
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from artifacts.lifecycle.check_records import broken_promotion
from artifacts.lifecycle.latest import wrong_latest
from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.lifecycle.served import newest_served
from artifacts.lifecycle.unfinished import finish_if_possible, finish_promotion, unfinished_promotion
from artifacts.lifecycle.verdict import VERDICT
from artifacts.reports.serve import serve_champion
from artifacts.store.atomic import CannotWrite
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
    seen = iter([unfinished_promotion(store), None])
    promotion = finish_promotion(store)
    monkeypatch.setattr("artifacts.lifecycle.unfinished.unfinished_promotion", lambda store: next(seen))
    assert finish_promotion(store) is None
    assert Registry(store).champion() == promotion
    assert next(seen, "asked twice") == "asked twice"


@pytest.fixture
def broken_off(store, monkeypatch):
    """`broken_off(how)`: a promotion by hand of what was the champion three days ago, killed before it was made."""
    finish_promotion(store)

    def kill(how: str) -> tuple[str, str]:
        registry, why = Registry(store), "it is late"
        monkeypatch.setattr(Registry, "append", lambda *_: sys.exit())
        with suppress(SystemExit):
            if how == "rollback":
                with registry.rolling_back(why) as rollback:
                    serve_champion(store, rollback.promotion, rollback.rolled_back)
            else:
                before = registry.champion()
                with registry.promoting(run_name(3), "autoregressive", "promote", why, before) as promotion:
                    serve_champion(store, promotion, before)
        monkeypatch.undo()
        return newest_served(store).model

    return kill


@pytest.mark.parametrize("how", ["promote", "rollback"])
def test_a_promotion_by_hand_is_finished_once_and_latest_follows(store, broken_off, how):
    before, model = Registry(store).promotions(), broken_off(how)
    assert wrong_latest(store) is not None
    promotion = finish_promotion(store)
    assert (promotion.model, promotion.how, promotion.why) == (model, how, "it is late")
    assert Registry(store).promotions() == [*before, promotion]
    assert wrong_latest(store) is None
    assert finish_promotion(store) is None
    if how == "rollback":  # as the champion that it goes back to was promoted
        assert promotion.parent == next(each.parent for each in before if each.model == model)


def test_a_rollback_that_was_made_is_not_made_again_when_later_forecasts_are_gone(store):
    for _ in range(2):
        first = Registry(store).promotions()[-1]
        with Registry(store).rolling_back("it is late") as rollback:
            serve_champion(store, rollback.promotion, rollback.rolled_back)
        back = newest_served(store).run.name
        with Registry(store).promoting(first.run, first.method, "promote", "", Registry(store).champion()) as promotion:
            serve_champion(store, promotion, rollback.promotion)
        shutil.rmtree(Path(store.root) / newest_served(store).run.name)
        assert newest_served(store).run.name == back
        assert finish_promotion(store) is None


@pytest.mark.parametrize(("how", "verb"), [("promote", "was promoted by hand"), ("rollback", "was gone back to")])
def test_a_check_tells_of_a_promotion_by_hand_and_mends_it(store, broken_off, how, verb):
    run, _ = broken_off(how)
    (fault,) = broken_promotion(store)
    assert fault.told() == f"{run} {verb} and is not the champion: `wavecast {how}` was killed just before"
    assert fault.mend() == f"{run} is the champion"
    assert list(broken_promotion(store)) == []


def test_who_only_looks_finishes_what_can_be_written(store, monkeypatch):
    def refuse(*_):
        raise CannotWrite("the file system is read-only")

    monkeypatch.setattr(Registry, "append", refuse)
    assert finish_if_possible(store) is None
    monkeypatch.undo()
    assert finish_if_possible(store).run == run_name(1)
    store.replace(CHAMPION, b"damaged")
    assert finish_if_possible(store) is None


def test_a_check_tells_it_and_mends_it(store):
    (fault,) = broken_promotion(store)
    assert fault.told() == f"{run_name(1)} passed its gate and is not the champion: the run was killed just before"
    assert fault.mend() == f"{run_name(1)} is the champion"
    assert list(broken_promotion(store)) == []
    store.replace(CHAMPION, b"damaged")
    assert list(broken_promotion(store)) == [], "that is told by its own check"
