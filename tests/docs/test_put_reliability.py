"""The page of a year with faults: its tables go between the markers, with how many nights of which plan were lived."""

import importlib.util
import json
from pathlib import Path

import pytest

from artifacts.files.nights import NIGHTS, PLAN, write_nights
from rnn.lifecycle.faults import Fault, YearPlan
from rnn.lifecycle.nights import Night

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("put_reliability", ROOT / "docs" / "put_reliability.py")
put_reliability = importlib.util.module_from_spec(spec)
spec.loader.exec_module(put_reliability)


@pytest.fixture
def years(tmp_path, monkeypatch):
    """A year that is whole, another on its way, and a page to put them into."""
    monkeypatch.setattr(put_reliability, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(put_reliability, "PICTURE", tmp_path / "nights.png")
    (tmp_path / "page.md").write_text("a\n<!-- result -->\nold\n<!-- end -->\nb\n")
    for name, share, count in (("faults", 0.25, 2), ("quiet", 0, 1)):
        folder, plan = tmp_path / name, YearPlan(nights=2, share=share, seed=7)
        folder.mkdir()
        faults = [None, Fault("killed") if share else None]
        nights = [Night(k, "2024-08-02", faults[k], "2024-08-01", seconds=60.0) for k in range(count)]
        write_nights(folder / NIGHTS, nights)
        if count == 2:
            (folder / "summary.json").write_text(json.dumps({"plan": plan.model_dump(mode="json")}))
        else:
            (folder / PLAN).write_text(plan.model_dump_json())
    return tmp_path


def test_both_years_go_between_the_markers(years):
    put_reliability.put(years / "faults", "abc1234", years / "quiet", "def5678")
    page = (years / "page.md").read_text()
    assert page.startswith("a\n<!-- result -->\n- With faults: all 2 nights of seed 7, `--fault-share 0.25`, on ")
    assert page.endswith("<!-- end -->\nb\n")
    assert (
        " at commit abc1234 in 2 minutes.\n- Without: the first 1 of 2 nights of seed 7, `--fault-share 0`, on " in page
    )
    assert " at commit def5678 in 1 minutes." in page
    assert "| of these with a fault | 1 | 0 |" in page
    assert "old" not in page
    assert (years / "nights.png").exists()
