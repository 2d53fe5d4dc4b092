import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from artifacts.lifecycle.served import newest_served, publishing_moment
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.listing import MANIFEST
from artifacts.store.store import Store

ROOT = Path(__file__).parents[3]
FIRST, SECOND = "20260301T000000Z-aaaaaa", "20260301T000100Z-bbbbbb"


@pytest.fixture
def put(tmp_path):
    def put(name: str, published: str, run: str | None = None, flow: str = "retrain") -> None:
        (tmp_path / name).mkdir()
        parts = {part: {} for part in ("config", "seeds", "code", "versions", "files")}
        manifest = {"format": 1, "flow": flow, **parts, "execution": {"published": published}}
        (tmp_path / name / MANIFEST).write_text(json.dumps(manifest))
        serves = {"serves": {"run": run, "method": "autoregressive"}}
        (tmp_path / name / VERDICT).write_text(json.dumps(serves))

    return put


def served(tmp_path):
    now = newest_served(Store(str(tmp_path)))
    return now and (now.run.name, now.model[0])


def test_what_was_published_last_is_served_though_it_was_begun_earlier(tmp_path, put):
    assert served(tmp_path) is None
    put(SECOND, "2026-03-01T00:01:01.500+00:00", "an-earlier-run", flow="serve")
    assert served(tmp_path) == (SECOND, "an-earlier-run")
    put(FIRST, "2026-03-01T00:07:00+00:00")
    assert served(tmp_path) == (FIRST, FIRST)


def test_a_run_from_the_future_of_another_flow_or_without_a_verdict_is_not_what_is_served(tmp_path, put):
    put(FIRST, "2026-03-01T00:07:00+00:00")
    put("20990101T000000Z-cccccc", "2099-01-01T00:00:00+00:00")
    put("20260401T000000Z-dddddd", "2026-04-01T00:00:00+00:00", flow="pipeline")
    put(SECOND, "2026-04-01T00:00:00+00:00")
    (tmp_path / SECOND / VERDICT).write_text("[" * 100_000)
    assert served(tmp_path) == (FIRST, FIRST)


def test_what_is_published_now_is_served_though_a_clock_was_set_back_since(tmp_path, put):
    now = datetime.now(UTC).replace(microsecond=0)
    store = Store(str(tmp_path))
    assert publishing_moment(store) - now < timedelta(minutes=5)
    ahead = now + timedelta(minutes=50)
    put(f"{ahead:%Y%m%dT%H%M%SZ}-aaaaaa", ahead.isoformat())
    assert publishing_moment(store) == ahead + timedelta(seconds=1)
    put(f"{now:%Y%m%dT%H%M%SZ}-bbbbbb", publishing_moment(store).isoformat(timespec="milliseconds"))
    assert served(tmp_path)[0].endswith("bbbbbb")
    put(f"{now:%Y%m%dT%H%M%SZ}-cccccc", publishing_moment(store).isoformat(timespec="seconds"))
    assert served(tmp_path)[0].endswith("cccccc")


@pytest.mark.parametrize("published", ["", "by hand", "2026-03-01T00:07:00"])
def test_who_was_published_at_an_unknown_time_holds_nothing_up(tmp_path, put, published):
    put(FIRST, published)
    assert datetime.now(UTC) - publishing_moment(Store(str(tmp_path))) < timedelta(minutes=5)


def test_who_only_looks_imports_no_scipy():
    """It takes a third of a second, and every command needs these modules."""
    look = "import sys, artifacts.lifecycle.identity; print('scipy.special' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "False"
