import base64
import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from artifacts.web.heatmap import MOST_COLUMNS, NEGATIVE, POSITIVE, HeatMap, averaged, picture


def pixels(uri: str) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))))


def test_a_cells_colour_tells_its_sign_and_its_size():
    seen = pixels(picture(np.array([[1.0, -1.0, 0.5, 0.0]]), 1.0))
    assert seen[0, 0].tolist() == [*POSITIVE, 255]
    assert seen[0, 1].tolist() == [*NEGATIVE, 255]
    assert seen[0, 2, 3] == 128
    assert seen[0, 3, 3] == 0


def test_what_is_missing_is_blank_and_what_is_too_large_is_full():
    seen = pixels(picture(np.array([[np.nan, 1e300]]), 1.0))
    assert seen[0, :, 3].tolist() == [0, 255]


@given(arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 50)), elements=st.floats(-9, 9)), st.integers(1, 9))
def test_averaging_keeps_the_order_and_the_range(values, every):
    fewer = averaged(values, every)
    assert fewer.shape == (len(values), -(-values.shape[1] // every))
    assert fewer.max() <= values.max() + 1e-9
    assert np.allclose(fewer[:, 0], values[:, :every].mean(axis=1))


def test_a_wide_map_stays_small():
    html = HeatMap("t", "a", np.random.default_rng(0).normal(size=(20, 9000)), 1.0, "unit", "group").html()
    assert len(html) < 120_000
    assert pixels(html.split('src="')[1].split('"')[0]).shape[1] <= MOST_COLUMNS


def test_the_map_is_told_in_words_and_its_mark_is_in_place():
    html = HeatMap("Units", "Most are full.", np.ones((2, 4)), 1.0, "unit", "group", (3, "forecast")).html()
    assert 'aria-label="Units. Most are full."' in html
    assert "left:75.0%" in html
