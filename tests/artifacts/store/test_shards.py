import json

import numpy as np
import pytest

from artifacts.store import shards
from artifacts.store.shards import Shards, decides
from rnn.evaluation.suite_forecasts import Attempt
from rnn.intervals import BOUNDS


def of(window, y, failure=""):
    bounds = {bound: np.array([y, np.nan]) for bound in BOUNDS}
    return Attempt(window, "d", np.array([y, 0.1 + 0.2]), bounds, 0.25, failure)


def test_what_was_added_is_read_to_the_last_bit(tmp_path):
    kept = Shards(tmp_path, "DOT", 0)
    assert kept.read() == {}
    with kept.writing() as first, kept.writing() as second:
        first.add(of("a@1", 1 / 3))
        second.add(of("b@1", 2.0, "it was too short"))
    found = Shards(tmp_path, "DOT", 0).read()
    assert set(found) == {("a@1", "d"), ("b@1", "d")}
    assert found["a@1", "d"].y.tolist() == [1 / 3, 0.1 + 0.2]
    assert np.isnan(found["a@1", "d"].bounds["upper90"][1])
    assert found["b@1", "d"].failure == "it was too short"


def test_each_is_kept_at_once_and_a_torn_line_is_left_out(tmp_path):
    kept = Shards(tmp_path, "DOT", 0)
    with kept.writing() as writer:
        writer.add(of("a@1", 1.0))
        assert set(kept.read()) == {("a@1", "d")}
    (file,) = kept.folder.glob("*.jsonl")
    file.write_text(file.read_text() + file.read_text()[:40] + "\n" + json.dumps({"no": "attempt"}) + "\n")
    assert set(kept.read()) == {("a@1", "d")}


def test_methods_and_seeds_have_folders_of_their_own(tmp_path):
    folders = {Shards(tmp_path, *one).folder for one in (("DOT", 0), ("MSTL", 0), ("autoregressive", 0))}
    assert len(folders) == 3
    assert Shards(tmp_path, "autoregressive", 1).folder not in folders
    assert Shards(tmp_path, "DOT", 1).folder in folders  # it draws nothing


@pytest.fixture
def fresh():
    decides.cache_clear()
    yield
    decides.cache_clear()


@pytest.mark.usefixtures("fresh")
def test_an_edit_of_our_code_makes_ours_anew_and_keeps_what_other_libraries_forecast(monkeypatch):
    before = decides("DOT", 0), decides("autoregressive", 0), decides("ridge autoregression", 0)
    monkeypatch.setattr(shards, "digest_package", lambda name: "another")
    decides.cache_clear()
    after = decides("DOT", 0), decides("autoregressive", 0), decides("ridge autoregression", 0)
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, False]


@pytest.mark.usefixtures("fresh")
def test_another_version_of_the_library_or_an_edit_of_its_module_makes_it_anew(monkeypatch):
    before = decides("DOT", 0)
    monkeypatch.setattr(shards, "version", lambda name: "99")
    decides.cache_clear()
    assert decides("DOT", 0)["libraries"] == {"statsforecast": "99", "numpy": "99"}
    monkeypatch.undo()
    source = shards.inspect.getsource
    monkeypatch.setattr(shards.inspect, "getsource", lambda module: source(module) + "\nSEASONAL = 7\n")
    decides.cache_clear()
    assert decides("DOT", 0) != before
    monkeypatch.setattr(shards.inspect, "getsource", lambda module: source(module) + '\n"""More words."""\n')
    decides.cache_clear()
    assert decides("DOT", 0) == before
