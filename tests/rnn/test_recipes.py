from typing import get_args

import pytest
from pydantic import ValidationError

from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, Rule, UntunedRecipe, is_fed_back, is_windowed

BOTH = pytest.mark.parametrize("recipe", [ArticleRecipe, UntunedRecipe])


def test_the_articles_recipe_is_the_tuned_one():
    assert ArticleRecipe().model_dump() == {
        "lr": 0.023, "epochs": 50, "hidden": 20, "window": 5, "rule": "earliest",
    }  # fmt: skip


def test_the_untuned_recipe_is_the_articles_first_try():
    assert UntunedRecipe().model_dump() == {
        "lr": 0.0005, "epochs": 300, "hidden": 20, "window": 5, "rule": "earliest",
    }  # fmt: skip


@BOTH
@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("lr", [0, -0.1, 10.1, float("nan"), float("inf"), "fast", None]),
        ("epochs", [0, -1, 1_000_001, 1.5, "many", None]),
        ("hidden", [0, -1, 4097, 0.5, None]),
        ("window", [0, -1, 1001, 4.5, None]),
        ("rule", ["latest", "BPTT", "", None, 1]),
    ],
)
def test_a_value_out_of_bounds_is_refused_and_its_field_named(recipe, field, bad):
    for value in bad:
        with pytest.raises(ValidationError) as refused:
            recipe(**{field: value})
        assert [error["loc"] for error in refused.value.errors()] == [(field,)], value


@BOTH
@pytest.mark.parametrize(
    ("field", "good"),
    [("lr", [1e-300, 10]), ("epochs", [1, 1_000_000]), ("hidden", [1, 4096]), ("window", [1, 1000]),
     ("rule", get_args(Rule))],
)  # fmt: skip
def test_a_value_at_its_bound_is_taken(recipe, field, good):
    assert [getattr(recipe(**{field: value}), field) for value in good] == list(good)


@BOTH
def test_an_unknown_key_is_refused_and_named(recipe):
    with pytest.raises(ValidationError, match="momentum"):
        recipe(momentum=0.9)


@BOTH
def test_a_recipe_cannot_be_changed(recipe):
    one = recipe()
    with pytest.raises(ValidationError, match="frozen"):
        one.lr = 0.1
    assert one == recipe()


@BOTH
def test_equal_recipes_are_equal_and_serve_as_keys(recipe):
    assert len({recipe(), recipe(), recipe(epochs=7)}) == 2


@BOTH
def test_a_recipe_survives_being_written_as_json(recipe):
    one = recipe(lr=0.1, rule="bptt")
    assert recipe.model_validate_json(one.model_dump_json()) == one


@BOTH
def test_every_field_says_what_it_is(recipe):
    assert all(field.description for field in recipe.model_fields.values())


def test_a_recipe_says_itself_how_it_is_learned():
    assert is_windowed(ArticleRecipe())
    assert not is_fed_back(ArticleRecipe())
    assert is_fed_back(AutoregressiveRecipe())
    assert not is_windowed(AutoregressiveRecipe())
