"""All checks on one store: nothing where all is well, and everything that is wrong at once."""

import time
from pathlib import Path

from artifacts.lifecycle.check import faults
from tests.grown_store import grow, run_name


def test_a_whole_store_has_no_faults_and_a_damaged_one_all_of_its_own(tmp_path, put_retraining):
    store = grow(tmp_path, put_retraining, [3, 2, 1], champions=[3, 2])
    assert list(faults(store, time.time())) == []
    (tmp_path / run_name(2) / "manifest.json").unlink()
    (tmp_path / run_name(3) / "verdict.json").write_text("{}")
    (tmp_path / "latest" / "forecast.csv").unlink()
    (tmp_path / "feed.json").write_text("{")
    whats = [fault.what for fault in faults(store, time.time())]
    assert len(whats) == 5
    assert "the champion cannot be used" in whats[0], "what hinders forecasts comes first"
    assert Path(tmp_path / "feed.json").read_text() == "{", "looking changes nothing"
