import dataclasses
import warnings

import numpy as np
import pytest
from PIL import Image

from artifacts.files.evaluation import Evaluation
from artifacts.plots.figures import METHOD_COLOURS
from artifacts.reports.evaluate_pictures import PANELS, evaluation_pictures, some_windows, title
from rnn.evaluation.benchmark import NAMES
from rnn.evaluation.methods import METHODS, PEERS

FILES = ["relative.png", "error-by-step.png", "forecasts.png", "coverage.png", "forecast-xsinx.png",
         "forecast-logistic.png"]  # fmt: skip


@pytest.fixture(scope="module")
def drawn(evaluation, tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for picture in evaluation_pictures(evaluation):
            picture.draw(folder / picture.name)
    return folder


def test_every_picture_is_drawn_and_not_empty(drawn):
    assert {path.name for path in drawn.iterdir()} == set(FILES)
    for path in drawn.iterdir():
        pixels = np.asarray(Image.open(path).convert("L"))
        assert pixels.std() > 5
        assert pixels.shape[1] >= 700


def test_every_picture_says_in_words_what_it_shows(evaluation):
    made = evaluation_pictures(evaluation)
    assert [picture.name for picture in made] == FILES
    assert all(picture.alt.endswith(".") and "\n" not in picture.alt for picture in made)


def test_the_same_evaluation_gives_the_same_bytes(evaluation, drawn, tmp_path):
    for picture in evaluation_pictures(evaluation):
        picture.draw(tmp_path / picture.name)
        assert (tmp_path / picture.name).read_bytes() == (drawn / picture.name).read_bytes()


def test_a_horizon_of_one_step_can_be_drawn(evaluation, tmp_path):
    predictions = {
        method: dataclasses.replace(
            said,
            **{
                field.name: getattr(said, field.name)[:, :1]
                for field in dataclasses.fields(said)
                if field.name not in {"method", "seed", "origin"}
            },
        )
        for method, said in evaluation.predictions["logistic"].items()
    }
    cases = [dataclasses.replace(case, truth=case.truth[:, :1]) for case in evaluation.cases["logistic"]]
    for picture in evaluation_pictures(Evaluation({"logistic": cases}, {"logistic": predictions})):
        picture.draw(tmp_path / picture.name)
        assert (tmp_path / picture.name).exists()


def test_of_many_cuts_the_best_and_the_worst_are_among_those_shown():
    errors = np.array([5.0, 1, 4, 2, 8, 3, 9, 7, 6])
    shown = some_windows(errors)
    assert len(shown) == PANELS
    assert (shown[0], shown[-1]) == (1, 6)
    assert some_windows(errors[:3]) == [0, 1, 2]


def test_every_method_has_a_colour_of_its_own_and_every_series_a_title():
    colours = [METHOD_COLOURS[method] for method in (*METHODS, *PEERS)]
    assert len(set(colours)) == len(colours)
    assert len({title(name) for name in NAMES}) == len(NAMES)
