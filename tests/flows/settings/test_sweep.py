import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.settings.base import RecipeSettings
from flows.settings.pipeline import PipelineSettings
from flows.settings.sweep import LEARNING_RATES, SweepSettings
from rnn.elman import kernels
from rnn.errors import KernelMissing, WavecastError
from rnn.evaluation.sweep import in_blocks, trials
from rnn.experiment import Experiment, Task
from rnn.recipes import ArticleRecipe, UntunedRecipe
from tasks.support.runners import RunnerName


def refused(**values) -> str:
    with pytest.raises((ValidationError, WavecastError)) as error:
        SweepSettings.model_validate(values)
    return str(error.value)


def test_no_settings_at_all_are_the_articles_search_for_a_learning_rate():
    s = SweepSettings()
    assert s.varied() == {"lr": list(LEARNING_RATES)}
    assert (min(LEARNING_RATES), max(LEARNING_RATES)) == (1e-4, 1.0)
    assert ArticleRecipe().lr in LEARNING_RATES
    assert (s.recipe, s.seed, s.seeds, s.runner, s.dask_address) == ("article", 0, 8, "threads", None)
    every = [trial for block in s.blocks() for trial in block]
    assert every == trials(ArticleRecipe(), {"lr": LEARNING_RATES}, range(8))
    assert s.experiment() == Experiment()


def test_data_store_and_recipes_are_set_as_for_the_main_job():
    of_a_file = Task.model_fields  # the main job leaves them open until it has seen the file
    for name in {*Experiment.model_fields, *RecipeSettings.model_fields} - of_a_file.keys():
        mine, other = (settings.model_fields[name] for settings in (SweepSettings, PipelineSettings))
        assert (mine.default, mine.description, mine.annotation) == (other.default, other.description, other.annotation)


def test_values_have_the_type_of_the_recipes_field():
    varied = SweepSettings(over=("hidden=5,20", "lr=1,1e-3", "rule=bptt,earliest")).varied()
    assert varied == {"hidden": [5, 20], "lr": [1.0, 0.001], "rule": ["bptt", "earliest"]}
    assert [type(values[0]) for values in varied.values()] == [int, float, str]


def test_the_recipe_that_is_varied_keeps_its_other_fields():
    s = SweepSettings(recipe="untuned", untuned=UntunedRecipe(epochs=9, hidden=3), over=("lr=0.1,0.2",), seeds=1)
    assert [t.recipe for (block) in s.blocks() for t in block] == [
        UntunedRecipe(epochs=9, hidden=3, lr=lr) for lr in (0.1, 0.2)
    ]
    assert s.base == UntunedRecipe(epochs=9, hidden=3)


@given(st.integers(0, 2**40), st.integers(1, 5), st.integers(1, 7))
def test_the_seeds_are_the_one_given_and_those_after_it_and_the_blocks_no_larger_than_asked_for(seed, seeds, block):
    s = SweepSettings(seed=seed, seeds=seeds, block=block, over=("lr=0.1,0.2", "hidden=3,4"))
    every = trials(s.base, s.varied(), range(seed, seed + seeds))
    assert s.blocks() == list(in_blocks(every, block))
    assert {trial.seed for part in s.blocks() for trial in part} == set(range(seed, seed + seeds))


@pytest.mark.parametrize(
    ("over", "words"),
    [
        (("lrr=1",), ["no field 'lrr'", "lr, epochs, hidden, window, rule"]),
        (("lr",), ["--over lr", "''"]),
        (("lr=",), ["--over lr", "''"]),
        (("",), ["no field ''"]),
        (("lr=0.1,,0.2",), ["--over lr", "''"]),
        (("lr=0.1,fast",), ["--over lr", "'fast'"]),
        (("lr=0",), ["--over lr", "greater than 0", "'0'"]),
        (("lr=nan",), ["--over lr", "'nan'"]),
        (("lr=0.1,11",), ["--over lr", "less than or equal to 10", "'11'"]),
        (("hidden=2.5",), ["--over hidden", "'2.5'"]),
        (("rule=adam",), ["--over rule", "'earliest' or 'bptt'", "'adam'"]),
        (("lr=0.1,0.2,1e-1",), ["--over lr has 0.1 twice"]),
        (("lr=0.1", "hidden=3", "lr=0.2"), ["--over names lr twice"]),
    ],
)
def test_what_cannot_be_varied_is_refused_with_what_is_wrong(over, words):
    message = refused(over=over)
    assert all(word in message for word in words), message


def test_nothing_to_vary_is_refused():
    assert "over" in refused(over=())


@pytest.mark.parametrize(
    ("values", "field"),
    [({"seeds": 0}, "seeds"), ({"block": 0}, "block"), ({"block": kernels.BLOCK + 1}, "block"),
     ({"workers": 0}, "workers"), ({"workers": 10**6}, "workers"), ({"runner": "slurm"}, "runner"),
     ({"kernel": "magic"}, "kernel"),
     ({"recipe": "lstm"}, "recipe"), ({"seed": -1}, "seed"), ({"epochs": 3}, "epochs")],
    ids=str,
)  # fmt: skip
def test_values_out_of_bounds_are_refused_by_name(values, field):
    assert f"\n{field}\n" in refused(**values)


@pytest.mark.parametrize("name", get_args(RunnerName))
def test_every_runner_is_taken(name):
    assert SweepSettings(runner=name).runner == name


@pytest.mark.parametrize("runner", ["threads", "processes"])
def test_a_dask_address_for_another_runner_is_refused(runner):
    assert "--runner dask" in refused(dask_address="tcp://host:8786", runner=runner)
    assert SweepSettings(dask_address="tcp://host:8786", runner="dask").dask_address == "tcp://host:8786"


def test_a_series_too_short_for_one_of_the_windows_is_refused():
    assert "101 groups" in refused(over=("window=5,101",))
    assert SweepSettings(over=("window=5,100",))


VALUES = ",".join(f"0.{n:04}" for n in range(1, 1001))


@pytest.mark.parametrize(
    ("values", "size"),
    [
        ({"seeds": 10**9}, "13 lr × 1000000000 seeds are 13000000000 trials"),
        ({"over": ("lr=0.1",), "seeds": 10**9}, "1 lr × 1000000000 seeds are 1000000000 trials"),
        (
            {"over": (f"lr={VALUES}", "hidden=" + ",".join(map(str, range(1, 1001)))), "seeds": 1000},
            "1000 lr × 1000 hidden × 1000 seeds are 1000000000 trials",
        ),
    ],
)
def test_a_grid_of_a_billion_is_refused_with_its_size_before_it_is_made(values, size, monkeypatch):
    monkeypatch.setattr("flows.settings.sweep.trials", lambda *_: pytest.fail("the grid is made"))
    assert f"{size}, and at most 100000 are done" in refused(**values)


def test_the_kernel_is_one_for_all_blocks_and_any_number_of_workers(monkeypatch):
    small = SweepSettings(over=("lr=0.1,0.2",), article=ArticleRecipe(epochs=1), seeds=2)
    assert small.chosen_kernel() == "stacked"
    large = {"over": ("lr=0.1,0.2",), "article": ArticleRecipe(epochs=1000), "seeds": 2}
    best = kernels.choose(10**9, faithful=False).name
    assert {SweepSettings(**large, block=block).chosen_kernel() for block in (1, 4)} == {best}
    assert SweepSettings(kernel="exact", **large).chosen_kernel() == "exact"
    monkeypatch.setattr(kernels, "load_compiled", lambda: None)
    assert SweepSettings(**large).chosen_kernel() == "stacked"
    with pytest.raises(KernelMissing, match=r"\[fast\]"):
        SweepSettings(kernel="compiled", **large).chosen_kernel()


def test_settings_survive_json():
    settings = SweepSettings(over=("lr=0.1,0.2", "hidden=3"), kernel="exact", runner="dask", dask_address="tcp://h:1")
    assert SweepSettings.model_validate(json.loads(json.dumps(settings.model_dump(mode="json")))) == settings


def test_the_form_explains_each_field_and_gives_its_default():
    for name, field in SweepSettings.model_json_schema()["properties"].items():
        assert field["description"].endswith("."), name
        assert "default" in field, name
