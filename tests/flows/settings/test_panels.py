"""The panels of `--help`: every flag in the right one, and settings that come out as the flow knows them."""

import pytest

from flows.settings.evaluate import EvaluateSettings
from flows.settings.monitor import MonitorSettings
from flows.settings.panels import OWN, PANELS, grouped, plain
from flows.settings.pipeline import PipelineSettings
from flows.settings.replay import ReplaySettings
from flows.settings.retrain import RetrainSettings
from flows.settings.sweep import SweepSettings
from rnn.recipes import ArticleRecipe

RECIPES = ("untuned", "article", "autoregressive")
MODELS = [PipelineSettings, SweepSettings, EvaluateSettings, RetrainSettings, MonitorSettings, ReplaySettings]


def titles(model) -> dict[str, str]:
    return {name: field.metadata[-1].group[0].name for name, field in grouped(model).model_fields.items()}


@pytest.mark.parametrize("model", MODELS)
def test_every_field_has_a_panel(model):
    assert {title for title in titles(model).values() if not title.startswith("Recipe ")} <= set(PANELS)


@pytest.mark.parametrize(
    ("model", "name", "title"),
    [(PipelineSettings, "data", "A series of your own"), (PipelineSettings, "fill_gaps", "More on the file"),
     (PipelineSettings, "grid", "Forecast"), (PipelineSettings, "recipes", OWN), (PipelineSettings, "seed",
     "Store and seed"), (PipelineSettings, "noise", "Generated data, without a file"), (SweepSettings, "untuned",
     "Recipe untuned"), (RetrainSettings, "folds", "Champion and challenger"), (RetrainSettings, "autoregressive",
     "Recipe autoregressive"), (ReplaySettings, "newest", "Champion and challenger"), (ReplaySettings, "noise", OWN)],
)  # fmt: skip
def test_a_flag_stands_where_its_subject_is(model, name, title):
    assert titles(model)[name] == title


def test_the_flows_settings_know_nothing_of_panels():
    grouped(PipelineSettings)
    assert not any(type(extra).__name__ == "Parameter" for field in PipelineSettings.model_fields.values()
                   for extra in field.metadata)  # fmt: skip


def test_settings_from_the_command_line_equal_those_made_by_hand():
    given = {"seed": 7, "article": ArticleRecipe(lr=0.1), "recipes": ("article",)}
    settings = plain(grouped(PipelineSettings)(**given), PipelineSettings)
    assert settings == PipelineSettings(**given)
    assert settings.model_fields_set == PipelineSettings(**given).model_fields_set
    assert settings.model_dump_json() == PipelineSettings(**given).model_dump_json()


@pytest.mark.parametrize(("model", "names"), [(RetrainSettings, ("--known", "--known-ahead")), (ReplaySettings, None)])
def test_columns_known_ahead_have_a_short_flag_where_it_is_free(model, names):
    assert flags_of(model, "known_ahead") == ([names] if names else [])


def flags_of(model, field):
    return [extra.name for extra in grouped(model).model_fields[field].metadata if getattr(extra, "name", ())]


def test_the_days_of_a_replay_are_nights_too():
    assert flags_of(ReplaySettings, "days") == [("--nights", "--days")]


def test_help_on_a_sweep_shows_the_recipes_that_it_can_vary():
    fields = grouped(SweepSettings).model_fields
    hidden = {name for name in RECIPES if any(getattr(extra, "show", None) is False for extra in fields[name].metadata)}
    assert hidden == {"autoregressive"}
