import json
import multiprocessing
import os
import shutil
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from artifacts.lifecycle.registry import CHAMPION, ChampionChanged, CorruptRegistry, NoSuchChampion, Promotion, Registry
from artifacts.store.listing import MANIFEST
from artifacts.store.store import Store


@pytest.fixture
def registry(tmp_path):
    return Registry(Store(str(tmp_path)))


def put(registry, run):
    """A run folder of which there is only what makes it one."""
    (registry.store.workspace / run).mkdir(exist_ok=True)
    parts = {name: {} for name in ("config", "seeds", "code", "versions", "files")}
    manifest = json.dumps({"format": 1, "flow": "retrain", **parts})
    (registry.store.workspace / run / MANIFEST).write_text(manifest)


def promote(registry, run, method="autoregressive", how="gate"):
    put(registry, run)
    return registry.promote(run, method, how, f"{run} is better", registry.champion())


def test_at_first_there_is_no_champion(registry):
    assert registry.champion() is None
    assert registry.promotions() == []


def test_each_promotion_is_kept_with_its_reason_and_what_it_replaced(registry):
    for run in ("first", "second", "third"):
        promote(registry, run)
    assert [(p.run, p.parent, p.why) for p in registry.promotions()] == [
        ("first", None, "first is better"),
        ("second", "first", "second is better"),
        ("third", "second", "third is better"),
    ]
    assert registry.champion().run == "third"


def test_promoting_the_champion_again_changes_nothing(registry):
    first = promote(registry, "first")
    assert registry.promote("first", "autoregressive", "gate", "a retry", None) == first
    assert len(registry.promotions()) == 1


def test_who_was_judged_beside_an_earlier_champion_is_not_promoted(registry):
    first = promote(registry, "first")
    promote(registry, "second")
    with pytest.raises(
        ChampionChanged, match="third was compared with first, and meanwhile second has become the champion"
    ):
        registry.promote("third", "autoregressive", "gate", "better", first)
    assert registry.champion().run == "second"


def test_rolling_back_goes_back_one_champion_after_the_other(registry):
    for run in ("first", "second", "third"):
        promote(registry, run)
    assert registry.rollback("it was late").run == "second"
    assert registry.rollback("still wrong").run == "first"
    with pytest.raises(NoSuchChampion, match="wavecast history"):
        registry.rollback("and again")
    assert [p.run for p in registry.promotions()] == ["first", "second", "third", "second", "first"]
    assert registry.champion().how == "rollback"


def test_a_naive_champion_and_the_network_of_its_run_are_two(registry):
    promote(registry, "run", "persistence")
    promote(registry, "run", how="promote")
    assert registry.rollback("worse").method == "persistence"
    with pytest.raises(NoSuchChampion):
        registry.rollback("")


def test_rolling_back_never_goes_back_to_the_champion_itself(registry):
    promote(registry, "only")
    promotions = registry.promotions()
    registry.append(promotions[0].model_copy(update={"parent": "only"}))  # as older versions could write
    with pytest.raises(NoSuchChampion):
        registry.rollback("")
    assert registry.promotions()[:1] == promotions


def test_rolling_back_again_and_again_ends(registry):
    for run in ("first", "second", "first"):
        promote(registry, run, how="promote")
    assert [registry.rollback("").run for _ in range(2)] == ["second", "first"]
    with pytest.raises(NoSuchChampion):
        registry.rollback("")
    promote(registry, "third")
    assert registry.rollback("").run == "first", "what was rolled back is not gone back to"


def test_a_run_that_is_gone_is_passed_over_and_named(registry):
    for run in ("first", "second", "third"):
        promote(registry, run)
    shutil.rmtree(registry.store.workspace / "second")
    with registry.rolling_back("") as rollback:
        assert (rollback.promotion.run, rollback.rolled_back.run, rollback.gone) == ("first", "third", ("second",))
    promote(registry, "fourth")
    shutil.rmtree(registry.store.workspace / "first")
    before = registry.promotions()
    with pytest.raises(NoSuchChampion, match=r"\(gone: first\)"):
        registry.rollback("")
    assert registry.promotions() == before


def test_a_parent_that_is_not_in_the_list_is_no_trouble(registry):
    registry.append(Promotion(run="a", method="autoregressive", when="", how="gate", why="", parent="nobody"))
    with pytest.raises(NoSuchChampion):
        registry.rollback("")


def test_a_rollback_whose_block_fails_changes_nothing(registry):
    promote(registry, "first")
    promote(registry, "second")
    with pytest.raises(OSError, match="no"), registry.rolling_back(""):
        raise OSError("no")
    assert registry.champion().run == "second"


@given(st.lists(st.sampled_from(["a", "b", "c", "back"]), max_size=12))
def test_every_rollback_changes_the_champion_and_they_end(tmp_path_factory, done):
    registry = Registry(Store(str(tmp_path_factory.mktemp("runs"))))
    for each in done:
        try:
            before = registry.champion()
            registry.rollback("") if each == "back" else promote(registry, each)
            assert each != "back" or registry.champion().model != before.model
        except NoSuchChampion:
            continue
    for _ in range(len(done)):
        try:
            registry.rollback("")
        except NoSuchChampion:
            return
    pytest.fail("it never ends") if done else None


def test_a_naive_champion_is_told_by_its_method(registry):
    assert promote(registry, "run", "persistence").name == "persistence (since run)"
    assert promote(registry, "other").name == "other"


@pytest.mark.parametrize(
    "text", ["", "[" * 100_000, "{", "[]", "{}", '{"format": 1}', '{"format": 1, "promotions": [{"run": 3}]}', "null"]
)
def test_a_damaged_file_is_told_and_left_as_it_is(registry, text):
    path = registry.store.workspace / CHAMPION
    path.write_text(text)
    for asked in (registry.champion, lambda: promote(registry, "run"), lambda: registry.rollback("")):
        with pytest.raises(CorruptRegistry, match="is damaged"):
            asked()
    assert path.read_text() == text


def test_a_folder_in_its_place_is_told(registry):
    (registry.store.workspace / CHAMPION).mkdir()
    for asked in (registry.champion, lambda: promote(registry, "run"), lambda: registry.rollback("")):
        with pytest.raises(CorruptRegistry, match="is damaged"):
            asked()


def test_one_of_a_later_format_is_not_guessed_at(registry):
    (registry.store.workspace / CHAMPION).write_text(json.dumps({"format": 2, "promotions": []}))
    with pytest.raises(CorruptRegistry, match="newer Wavecast"):
        registry.champion()


def test_a_promotion_cannot_be_altered(registry):
    with pytest.raises(ValidationError, match="frozen"):
        promote(registry, "run").run = "other"


@given(st.lists(st.sampled_from(["a", "b", "c", "back"]), max_size=12))
def test_whatever_is_done_the_last_entry_is_the_champion_and_none_is_lost(tmp_path_factory, done):
    registry, before = Registry(Store(str(tmp_path_factory.mktemp("runs")))), []
    for each in done:
        try:
            champion = registry.rollback("") if each == "back" else promote(registry, each)
        except NoSuchChampion:
            continue
        now = registry.promotions()
        assert now[: len(before)] == before
        assert len(now) - len(before) in (0, 1)
        assert now[-1] == registry.champion() == champion
        before = now


def _promote_or_lose(root, number, started):
    registry = Registry(Store(root))
    started.wait()
    for attempt in range(20):
        try:
            promote(registry, f"run-{number}-{attempt}")
        except ChampionChanged:
            continue


def test_eight_at_once_and_two_killed_leave_one_unbroken_chain(tmp_path):
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    workers = [context.Process(target=_promote_or_lose, args=(str(tmp_path), n, started)) for n in range(8)]
    for worker in workers:
        worker.start()
    started.set()
    for worker in workers[:2]:
        os.kill(worker.pid, signal.SIGKILL)
    for worker in workers:
        worker.join()
    promotions = Registry(Store(str(tmp_path))).promotions()
    assert [p.parent for p in promotions] == [None, *(p.run for p in promotions[:-1])]
    assert len({p.run for p in promotions}) == len(promotions)
    assert isinstance(promotions[-1], Promotion)
