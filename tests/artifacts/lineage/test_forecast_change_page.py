import numpy as np

from artifacts.lineage.forecast_change_page import as_page, in_a_sentence
from rnn.lifecycle.attribution import CAUSES

A, B = "20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb"
WAVE = np.sin(np.arange(200) / 5) + np.random.default_rng(3).normal(0, 0.02, 200)


def test_the_page_shows_every_part_and_every_moment(operator):
    operator.serve(B, WAVE[:128])
    change = operator.change()
    page = as_page(change)
    assert page.startswith("<!doctype html>")
    assert page.count('<td class="bars"') == len(CAUSES) + 2
    assert all(f'<th scope="row">{cause}</th>' in page for cause in CAUSES)
    assert all(note in page for note in change.notes.values())
    assert all(f'<th scope="row">{moment}</th>' in page for moment in change.shown)
    assert f"<b>{A}</b> to that of <b>{B}</b>" in page
    assert "Both ends of the chain are the served forecasts to the bit." in page
    assert "On average over the 16 moments that both speak of, 128 to 143, the forecast was" in page
    assert "The forecast of 131 was" in as_page(change, 3)
    assert "index.html" not in page, "a page that stands alone has no gallery to go to"


def test_a_page_of_the_gallery_leads_back_to_it_and_to_the_runs_that_have_a_page(operator):
    operator.serve(B, WAVE[:128])
    page = as_page(operator.change(), reports=[B])
    assert 'href="../../index.html#moved"' in page
    assert f'<a href="../../{B}/report.html"><b>{B}</b></a>' in page
    assert f"forecast of <b>{A}</b> to" in page


def test_the_change_in_a_sentence_names_the_largest_part(operator):
    operator.serve(B, WAVE[:120], by=A)
    assert in_a_sentence(operator.change()).endswith(" No cause moved it on average.")
    operator.serve("20260103T000000Z-cccccc", WAVE[:128], by=A)
    told = in_a_sentence(operator.change())
    assert told.startswith("On average over the 16 moments that both speak of, 128 to 143, the forecast was ")
    assert "The largest part: new points, " in told
