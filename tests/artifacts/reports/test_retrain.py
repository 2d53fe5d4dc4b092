import dataclasses

import numpy as np
import pytest

from artifacts.plots.axis import Axis
from artifacts.reports.report import ANATOMY, write_html
from artifacts.reports.retrain import anatomy, dissent, headline, pictures, report
from artifacts.web.heatmap import HeatMap
from rnn.calendar import Calendar
from rnn.ensemble.forecaster import Autoregressive

ORIGIN = {
    "files": {}, "data": None, "parent": None, "code": {"rnn": "0", "wavecast": "0"}, "versions": {},
    "machine": {"architecture": "here", "blas": "some"}, "kernels": {},
}  # fmt: skip
CONFIG = {"store": "runs", "newest": 2000}


@pytest.fixture
def challenger(run):
    return run.models["autoregressive"]


def test_the_anatomy_is_the_challengers_over_series_and_forecast(retraining, challenger):
    inside, weights = report(retraining(), challenger, CONFIG).anatomy
    assert [inside.title, weights.title] == ["Inside the challenger", "The weights of the challenger"]
    units = next(block for block in inside.blocks if isinstance(block, HeatMap))
    assert units.values.shape[1] == 20 + 5
    assert units.mark == (20, "forecast →")


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        ((0.5, None), "The challenger, which this run trained, was promoted: it became the champion. "),
        ((0.9, 0.5), "The challenger, which this run trained, was not promoted: the champion stays. "),
        ((3.0, None), "The challenger, which this run trained, was not promoted: 'persistence' is served. "),
    ],
)
def test_it_says_which_network_it_shows_and_what_became_of_it(retraining, challenger, errors, told):
    inside, _ = report(retraining(*errors), challenger, CONFIG).anatomy
    assert inside.text.startswith(told)


def test_the_headline_names_no_network_where_none_may_have_been_trained(retraining):
    assert headline(retraining(0.5, None)) == "The new model is promoted"
    assert headline(retraining(0.9, 0.5)) == "The champion is kept"


def test_folds_oppose_a_decision_that_was_made_by_them_alone(retraining):
    assert dissent(retraining(0.5, None)) == []
    kept_by_the_folds = retraining(0.9, 0.5)
    assert dissent(kept_by_the_folds) == []
    same = dataclasses.replace(retraining(0.5, 0.5).verdict, decision="keep", sentence="The same model.")
    assert dissent(dataclasses.replace(retraining(0.5, 0.5), verdict=same)) == []


def test_only_the_points_that_were_learned_from_are_walked_over(retraining, challenger):
    for newest, groups in ((None, 20), (120, 20), (65, 10)):
        inside, _ = anatomy(retraining(), challenger, newest)
        assert inside.blocks[1].mark == (groups, "forecast →")


def test_a_series_with_dates_has_them_on_the_axis(retraining, challenger):
    calendar = Calendar("D", "2026-01-01T00:00:00")
    found = retraining()
    days = dataclasses.replace(found.series, x=np.arange(120.0), step=1.0)
    dated = dataclasses.replace(found, series=days, axis=Axis(calendar, "day", "sales"))
    inside, _ = anatomy(dated, challenger, None)
    fan, _, saturated = inside.blocks
    assert (fan.x_label, fan.y_label) == ("day", "sales")
    assert fan.names[120.0].startswith("2026-05-01")
    assert saturated.names[119.0].startswith("2026-04-30")


def test_the_same_retraining_gives_the_same_pages_and_the_run_leads_to_its_anatomy(retraining, challenger, tmp_path):
    pages = []
    for name in ("one", "other"):
        folder = tmp_path / name
        for picture in pictures(found := retraining()):
            picture.draw(folder / "plots" / picture.name)
        write_html(folder, report(found, challenger, CONFIG), ORIGIN)
        pages.append([(folder / page).read_bytes() for page in ("report.html", ANATOMY)])
    assert pages[0] == pages[1]
    assert b'href="anatomy.html"' in pages[0][0]
    assert b'href="report.html"' in pages[0][1]


def test_pages_of_a_model_without_networks_name_none(retraining, tmp_path):
    rough = np.random.default_rng(0).normal(50, 9, 60)
    ensemble = Autoregressive(members=2, iterations=2, folds=2).fit(rough).ensemble
    assert not ensemble.networks
    for picture in pictures(found := retraining()):
        picture.draw(tmp_path / "plots" / picture.name)
    write_html(tmp_path, report(found, ensemble, CONFIG), ORIGIN)
    anatomy_page = (tmp_path / ANATOMY).read_text()
    assert "<h1>Which statistical members make the forecast</h1>" in anatomy_page
    assert "No network was trained" in anatomy_page
    assert "What the networks do inside" not in anatomy_page
    run_page = (tmp_path / "report.html").read_text()
    assert "<h2>Inside the model</h2>" in run_page
    assert "The networks' weights" not in run_page
