from typing import get_args

from flows.settings.base import RecipeName
from flows.settings.pipeline import PipelineSettings
from rnn.random_streams import PURPOSES
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe


def test_every_recipe_has_its_fields_and_its_random_stream():
    for name in get_args(RecipeName):
        assert issubclass(PipelineSettings.model_fields[name].annotation, ArticleRecipe | AutoregressiveRecipe)
        assert name in PURPOSES
