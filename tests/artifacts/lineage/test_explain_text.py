import dataclasses

import pytest

from artifacts.lineage.explain import Differences, Explanation, Step, explain
from artifacts.lineage.explain_text import LONG, WIDTH, as_text, otherwise_here
from artifacts.lineage.facts import FILE
from artifacts.store.manifest import flatten
from artifacts.store.runs import find_run
from rnn.readers.summary import FileSummary

NAME = "20260301T000000Z-aaaaaa"
SAME = Differences(NAME, {}, {}, {}, {}, {}, results_known=2)


@pytest.fixture
def found(kept) -> Explanation:
    return explain(find_run(str(kept), NAME), {"seed": 0})


def changed(found: Explanation, **changes) -> str:
    return as_text(dataclasses.replace(found, **changes))


def test_it_reads_in_a_hundred_columns(found):
    text = as_text(found, every=True)
    assert max(map(len, text.splitlines())) <= WIDTH <= 100
    for part in ("Data", "Settings", "Code", "Steps", "Results", "What differs from the run before"):
        assert f"\n{part}\n" in text


def test_it_says_where_the_run_came_from(found):
    text = as_text(found)
    for said in (
        "a run of 'pipeline', published 2026-03-01 00:00:02 UTC", "generated x·sin(x)", "120 rows in dataset.parquet",
        "article exact", "Parent champion: none", "Code, versions and machine here are the same", "Seed 3",
        "2 of 2 computed in 3.0 s", "There is no earlier run",
    ):  # fmt: skip
        assert said in text


def test_a_file_is_told_in_the_doctors_sentences(found):
    file = FileSummary(
        "sales.csv", "CSV, UTF-8", 8, ("day", "sales"), "day", "sales", "the only one with dates",
        "the only other one with numbers", "every day", "2026-01-01", "2026-01-08", 8, 7, 0, {"drop duplicates": 1},
    )  # fmt: skip
    facts = {f"{FILE}{name.replace('_', ' ')}": value for name, value in flatten(file.plain()).items()}
    of_file = {"source": "sales.csv", "rows": 8, "digest": "b" * 64, f"{FILE}digest": "a" * 64, **facts}
    text = " ".join(changed(found, data={**of_file, "step": 1}).split())
    for said in (*file.sentences(), "A season of 7 points was found, and no gap in the times.", "Source: sales.csv."):
        assert said in text
    assert "Kept with them: step 1." in text
    of_another_version = {**of_file, f"{FILE}colour": "blue"}
    assert "colour blue" in changed(found, data=of_another_version)


def test_settings_are_those_that_differ_and_with_every_all(found):
    like_default = dataclasses.replace(found, defaults={**found.settings, "seed": 0})
    assert "1 of " in as_text(like_default)
    assert "(default: 0)" in as_text(like_default)
    assert "autoregressive.ridge" not in as_text(like_default)
    assert "autoregressive.ridge" in as_text(like_default, every=True)
    assert "are the defaults" in changed(found, defaults=found.settings)
    unknown = changed(found, defaults=None)
    assert "not known here" in unknown
    assert "autoregressive.ridge" in unknown


def test_each_step_says_why_it_was_computed_or_not(found):
    steps = [
        Step("a", 1, True, NAME, "", None), Step("b", 1, True, None, "2026-02-01T00:00:00+00:00", None),
        Step("c", 1, False, NAME, "", ["recipe", "seed"]), Step("d", 1, False, NAME, "", ["seed"]),
        Step("e", 1, False, NAME, "", []), Step("f", 1, False, NAME, "", None),
    ]  # fmt: skip
    text = changed(found, steps=steps, differences=SAME)
    for said in (
        f"cached: made by {NAME}", "left no folder here, 2026-02-01 00:00:00 UTC", "computed: recipe and seed differ",
        "computed: seed differs", "computed, although nothing",
    ):  # fmt: skip
        assert said in text
    assert "4 of 6 computed in 4.0 s, 2 found in the cache" in text


def test_of_many_steps_the_longest_are_shown_until_all_are_wanted(found):
    many = dataclasses.replace(found, steps=[Step(f"step {i}", i, False, None, "", None) for i in range(LONG + 5)])
    assert "step 16 " in as_text(many)
    assert "step 1 " not in as_text(many)
    assert "--all" in as_text(many)
    assert "step 1 " in as_text(many, every=True)


def test_what_differs_is_told_in_sentences(found):
    differ = Differences(
        NAME, {"noise": (0.01, 0.02)}, {"seed": (0, 1)}, {"rnn": ("a" * 64, "b" * 64)}, {"numpy": ("2.4", "2.5")},
        {"forecast error of article": (2.0, 3.0), "decision": ("keep", "promote")}, results_known=5,
    )  # fmt: skip
    text = changed(found, differences=differ)
    for said in (
        f"What differs from the run before, {NAME}", "Data: noise 0.01 → 0.02", "Settings: seed 0 → 1.",
        "Code: rnn aaaaaaaaaaaa… → bbbbbbbbbbbb…", "Versions: numpy 2.4 → 2.5.", "2 figures of 5 differ.",
        "2 → 3 (+50.0 %)", "keep → promote",
    ):  # fmt: skip
        assert said in text
    same = changed(found, differences=SAME)
    assert "all 2 figures are the same, to the last bit" in same
    assert "Settings: the same." in same


@pytest.mark.parametrize("change", [(0.0, 1.0), (float("inf"), 1.0), (None, 1.0), (1.0, float("nan"))])
def test_figures_without_a_ratio_are_shown_all_the_same(found, change):
    assert "x" in changed(found, differences=dataclasses.replace(SAME, results={"x": change}))


def test_a_run_without_data_of_its_own_says_so(found):
    assert "generates its data" in changed(found, data={})
    assert "It keeps 2 series: xsinx, logistic." in changed(found, data={"xsinx": "0", "logistic": "1"})
    own = changed(found, data={"rows": 9, "digest": "0", "source": "s.csv", "the file's time column": "day"})
    assert "Of the file: time column day." in own
    assert "an unknown number of rows" in changed(found, data={"rows": None, "digest": "0"})


def test_a_champion_and_a_place_with_newer_code_are_named(found):
    text = changed(found, parent=NAME, elsewhere={"numpy": ("2.4", "2.5")})
    assert f"Parent champion: run {NAME}." in text
    assert "Here it is otherwise: numpy 2.4 → 2.5." in text
    assert otherwise_here({}) == ""


def test_a_terminal_shows_what_it_is_told_and_does_not_obey(found):
    text = changed(found, data={"rows": 1, "digest": "0", "source": "\x1b[31mred.csv"})
    assert "\x1b" not in text
    assert r"\x1b[31mred.csv" in text
