import json
import re

import numpy as np
import pytest

from artifacts.web.scrubber import FRAME_POINTS, Scrubber


@pytest.fixture
def scrubber() -> Scrubber:
    x = np.linspace(0, 6, 600)
    y = np.sin(x)
    fits = np.array([np.zeros(600), y + 0.5, y])
    return Scrubber("how it learned", "article", x, y, [1, 5, 9], fits, np.arange(9.0, 0, -1))


def frames(html: str) -> dict:
    return json.loads(re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)[-1])


def test_every_kept_epoch_is_a_frame_with_its_error(scrubber):
    held = frames(scrubber.html())
    assert held["epochs"] == [1, 5, 9]
    assert held["errors"][1:] == [0.5, 0]
    assert {len(frame) for frame in held["y"]} == {len(held["x"])}
    assert len(held["x"]) <= FRAME_POINTS


def test_the_last_frame_is_what_is_drawn_at_first(scrubber):
    html, held = scrubber.html(), frames(scrubber.html())
    drawn = re.findall(r'data-line="1" d="M([\d.]+) ([\d.-]+)', html)[0]
    assert float(drawn[0]) == held["x"][0]
    assert float(drawn[1]) == pytest.approx(held["y"][-1][0], abs=1)


def test_the_slider_has_a_name_and_stands_at_the_end(scrubber):
    assert re.search(r'<input type="range" min="0" max="2" value="2" aria-label="Epoch of the fit', scrubber.html())


def test_fits_that_are_off_the_chart_or_not_finite_do_no_harm(scrubber):
    fits = scrubber.fits.copy()
    fits[0, :2] = 1e200, np.inf
    held = frames(Scrubber("t", "article", scrubber.x, scrubber.y, [1, 5, 9], fits, np.ones(9)).html())
    assert np.isfinite(held["y"]).all()
    assert held["errors"][0] is None
