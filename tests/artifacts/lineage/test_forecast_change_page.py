import numpy as np

from artifacts.lineage.forecast_change_page import as_page
from rnn.lifecycle.moved import CAUSES

A, B = "20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb"
WAVE = np.sin(np.arange(200) / 5) + np.random.default_rng(3).normal(0, 0.02, 200)


def test_the_page_shows_every_part_and_every_moment(operator):
    operator.serve(B, WAVE[:128])
    change = operator.change()
    page = as_page(change)
    assert page.startswith("<!doctype html>")
    assert page.count("<rect") == len(CAUSES) + 2
    assert all(f">{cause}</text>" in page for cause in CAUSES)
    assert all(f'<th scope="row">{moment}</th>' in page for moment in change.shown)
    assert f"<b>{A}</b> to that of <b>{B}</b>" in page
    assert "Both ends of the chain are the served forecasts to the bit." in page
    assert "on the average of 16 moments, 128 to 143, was" in page
    assert "The forecast of 131 was" in as_page(change, 3)
