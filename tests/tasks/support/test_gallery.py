"""The gallery at the end of a run: renewed, or told in a line."""

import logging

import pytest

from artifacts.store.store import Store
from tasks.support import gallery


@pytest.fixture
def told(monkeypatch, caplog):
    monkeypatch.setattr(gallery, "get_run_logger", lambda: logging.getLogger("told"))
    caplog.set_level("INFO", "told")
    return caplog


def test_the_gallery_is_there_and_told(told, tmp_path):
    gallery.renew_gallery(Store(str(tmp_path)))
    assert (tmp_path / "index.html").is_file()
    (record,) = told.records
    assert record.levelname == "INFO"
    assert str(tmp_path / "index.html") in record.getMessage()


@pytest.mark.parametrize("error", [OSError(28, "No space left"), ValueError("several\nlines"), RuntimeError()])
def test_a_failure_is_told_in_one_line_and_goes_no_further(told, tmp_path, monkeypatch, error):
    def fail(store):
        raise error

    monkeypatch.setattr("artifacts.gallery.build.build", fail)
    gallery.renew_gallery(Store(str(tmp_path)))
    (record,) = told.records
    assert record.levelname == "WARNING"
    assert "\n" not in record.getMessage()
    assert "wavecast browse" in record.getMessage()
    assert not record.exc_info
