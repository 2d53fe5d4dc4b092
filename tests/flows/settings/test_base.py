from typing import get_args

from flows.settings.base import RecipeName, part
from flows.settings.pipeline import PipelineSettings
from flows.settings.replay import ReplaySettings
from rnn.experiment import Experiment
from rnn.lifecycle.folds import Terms
from rnn.random_streams import PURPOSES
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe


def test_every_recipe_has_its_fields_and_its_random_stream():
    for name in get_args(RecipeName):
        assert issubclass(PipelineSettings.model_fields[name].annotation, ArticleRecipe | AutoregressiveRecipe)
        assert name in PURPOSES


def test_a_part_has_the_settings_of_its_own_fields_alone():
    settings = PipelineSettings(points=300, group_size=5, horizon=2, seed=7)
    assert part(settings, Experiment) == Experiment(points=300, group_size=5, horizon=2)


def test_the_terms_of_a_gate_are_the_settings_of_the_same_names():
    settings = ReplaySettings(group_size=5, horizon=2, folds=4, margin=0.1, newest=None)
    assert settings.terms == Terms(group_size=5, horizon=2, folds=4, margin=0.1, newest=None)
