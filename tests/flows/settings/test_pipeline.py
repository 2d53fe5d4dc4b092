import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.settings.pipeline import PipelineSettings
from rnn.errors import SeriesTooShort
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, UntunedRecipe

MODELS = [PipelineSettings, ArticleRecipe, UntunedRecipe, AutoregressiveRecipe]


def test_no_settings_at_all_repeat_the_article():
    s = PipelineSettings()
    assert (s.points, s.step, s.noise, s.group_size, s.horizon, s.grid) == (600, 0.01, 0.01, 6, 20, "text")
    article = {"lr": 0.023, "epochs": 50, "hidden": 20, "window": 5, "rule": "earliest"}
    assert s.article.model_dump() == article
    assert s.untuned.model_dump() == {**article, "lr": 0.0005, "epochs": 300}
    assert list(s.chosen()) == ["untuned", "article", "autoregressive"]
    assert list(s.windowed()) == ["untuned", "article"]
    assert list(s.fed_back()) == ["autoregressive"]
    assert (s.seed, s.fresh_seed, s.store) == (0, False, "runs")


@pytest.mark.parametrize("model", MODELS)
def test_settings_do_not_change(model):
    settings = model()
    with pytest.raises(ValidationError, match="frozen"):
        settings.__setattr__(next(iter(model.model_fields)), 1)


@pytest.mark.parametrize("model", MODELS)
def test_unknown_keys_are_refused(model):
    with pytest.raises(ValidationError, match="extra_forbidden"):
        model(epoch=3)


def test_unknown_keys_of_a_recipe_are_refused():
    with pytest.raises(ValidationError, match="extra_forbidden"):
        PipelineSettings.model_validate({"article": {"learning_rate": 1}})


OUT_OF_BOUNDS = [
    ({"store": ""}, "store"), ({"seed": -1}, "seed"), ({"points": 0}, "points"), ({"points": 10**8}, "points"),
    ({"step": 0}, "step"), ({"step": -0.1}, "step"), ({"step": "inf"}, "step"), ({"step": "nan"}, "step"),
    ({"noise": -0.1}, "noise"), ({"noise": "inf"}, "noise"), ({"noise": "nan"}, "noise"),
    ({"group_size": 0}, "group_size"), ({"horizon": 0}, "horizon"), ({"horizon": 10**6}, "horizon"),
    ({"grid": "other"}, "grid"), ({"recipes": []}, "recipes"), ({"recipes": ["lstm"]}, "recipes"),
    ({"article": {"lr": 0}}, "lr"), ({"article": {"lr": -1}}, "lr"), ({"article": {"lr": 11}}, "lr"),
    ({"article": {"lr": "nan"}}, "lr"), ({"untuned": {"lr": 11}}, "lr"), ({"untuned": {"epochs": 0}}, "epochs"),
    ({"article": {"epochs": 0}}, "epochs"), ({"article": {"epochs": 10**7}}, "epochs"),
    ({"article": {"hidden": 0}}, "hidden"), ({"article": {"hidden": 10**5}}, "hidden"),
    ({"article": {"window": 0}}, "window"), ({"article": {"rule": "adam"}}, "rule"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "field"), OUT_OF_BOUNDS, ids=str)
def test_values_out_of_bounds_are_refused_by_name(values, field):
    with pytest.raises(ValidationError) as refused:
        PipelineSettings.model_validate(values)
    assert {[part for part in error["loc"] if isinstance(part, str)][-1] for error in refused.value.errors()} == {field}


@pytest.mark.parametrize(
    "values",
    [{"seed": 0}, {"seed": 2**70}, {"points": 120}, {"points": 30, "recipes": ["article"]}, {"noise": 0},
     {"group_size": 30}, {"group_size": 120, "recipes": ["article"]}, {"group_size": 1}, {"horizon": 1},
     {"article": {"lr": 10}}, {"article": {"epochs": 1}}, {"article": {"hidden": 1}}, {"article": {"window": 100}},
     {"article": {"rule": "bptt"}}, {"recipes": ["article"]}, {"grid": "code"}, {"store": "memory://runs"}],
    ids=str,
)  # fmt: skip
def test_values_at_the_bounds_are_taken(values):
    assert PipelineSettings.model_validate(values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"group_size": 200}, ["600 points", "3 groups of 200", "5 groups", "1000 points", "smaller group size"]),
        ({"points": 29, "recipes": ["article"]}, ["29 points", "4 groups of 6", "30 points"]),
        ({"article": {"window": 101}}, ["100 groups", "101 groups", "606 points"]),
    ],
)
def test_too_few_groups_for_a_window_are_told_with_what_would_do(values, words):
    with pytest.raises((SeriesTooShort, ValidationError)) as refused:
        PipelineSettings.model_validate(values)
    assert all(word in str(refused.value) for word in words)


def test_a_recipe_that_is_not_chosen_needs_no_window():
    assert PipelineSettings.model_validate({"recipes": ["article"], "untuned": {"window": 1000}}).groups_needed == 5


def test_the_longest_window_of_the_chosen_recipes_counts():
    windowed = {"article": ArticleRecipe(window=7), "untuned": UntunedRecipe(window=3)}
    assert PipelineSettings(recipes=("untuned", "article"), **windowed).groups_needed == 7
    assert PipelineSettings(**windowed).groups_needed == 7
    assert PipelineSettings(recipes=("autoregressive",)).groups_needed == AutoregressiveRecipe().groups_needed == 2


def test_the_recipes_are_trained_in_the_order_asked_for():
    settings = PipelineSettings(recipes=("article", "untuned"), article=ArticleRecipe(epochs=3))
    assert list(settings.chosen()) == ["article", "untuned"]
    assert settings.chosen()["article"].epochs == 3


@given(st.uuids())
def test_a_fresh_seed_is_the_runs_own_and_the_same_at_a_retry(run_id):
    settings = PipelineSettings(fresh_seed=True, noise=0.5)
    seeded = settings.seeded(str(run_id))
    assert seeded == settings.seeded(str(run_id))
    assert seeded.seed == int(str(run_id)[:8], 16)
    assert seeded.model_copy(update={"seed": settings.seed}) == settings
    assert PipelineSettings.model_validate(seeded.model_dump()) == seeded


def test_other_runs_have_other_fresh_seeds_and_so_has_one_without_an_id():
    settings = PipelineSettings(fresh_seed=True)
    assert len({settings.seeded(str(uuid4())).seed for _ in range(20)}) == 20
    assert settings.seeded(None).seed != settings.seeded(None).seed


def test_a_seed_that_was_asked_for_is_kept():
    assert PipelineSettings(seed=7).seeded(str(uuid4())) == PipelineSettings(seed=7)


def test_settings_survive_json():
    settings = PipelineSettings(recipes=("article",), article=ArticleRecipe(lr=0.1), step=0.07)
    assert PipelineSettings.model_validate(json.loads(json.dumps(settings.model_dump(mode="json")))) == settings


def test_the_form_explains_each_field_and_gives_its_default():
    schema = PipelineSettings.model_json_schema()
    for properties in (schema["properties"], *(part["properties"] for part in schema["$defs"].values())):
        for name, field in properties.items():
            assert field["description"].endswith("."), name
            assert "default" in field, name
    assert schema["additionalProperties"] is False
    assert all(part["additionalProperties"] is False for part in schema["$defs"].values())


@pytest.mark.parametrize("values", [{"noise": 1e308}, {"step": 1e308}, {"step": 1e-13}], ids=str)
def test_settings_from_which_no_series_can_be_generated_are_refused(values):
    with pytest.raises(ValidationError):
        PipelineSettings.model_validate(values)


def test_a_recipe_asked_for_twice_is_refused_or_noted_once():
    try:
        settings = PipelineSettings(recipes=("article", "article"))
    except ValidationError:
        return
    assert settings.recipes == ("article",)
