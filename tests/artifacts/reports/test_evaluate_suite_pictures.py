import numpy as np
import pytest
from PIL import Image

from artifacts.plots.figures import METHOD_COLOURS
from artifacts.reports.evaluate_suite_pictures import suite_pictures
from rnn.evaluation.suite_scores import FIGURES, SuiteScores


def made(methods, count=20):
    errors = np.random.default_rng(0).uniform(1, 2, (len(methods), count))
    group = np.array(["yearly", "monthly"])[np.arange(count) % 2]
    series = tuple(f"s{k}" for k in range(count))
    return SuiteScores(methods=methods, series=series, group=group, **dict.fromkeys(FIGURES, errors))


@pytest.mark.parametrize("count", [20, 4])
def test_both_pictures_show_our_recipe_in_its_colour(tmp_path, count):
    for picture in suite_pictures("m1", made(("autoregressive", "DOT", "mean of four"), count)):
        picture.draw(tmp_path / picture.name)
        wanted = tuple(int(METHOD_COLOURS["autoregressive"][k : k + 2], 16) for k in (1, 3, 5))
        with Image.open(tmp_path / picture.name) as image:
            pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
        assert (pixels == wanted).all(axis=1).sum() > 20


def test_without_anything_to_set_methods_beside_there_are_ranks_alone():
    assert [picture.name for picture in suite_pictures("m1", made(("DOT", "MSTL")))] == ["ranks.png"]
    beside = suite_pictures("m1", made(("DOT", "seasonal naive")))
    assert "seasonal naive" in beside[0].alt
