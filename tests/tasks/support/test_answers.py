"""A server that does not answer is no reason to lose a run."""

import logging

import httpx
import pytest

from tasks.support import answers
from tasks.support.answers import if_it_answers


@pytest.fixture(autouse=True)
def logged(monkeypatch, caplog):
    monkeypatch.setattr(answers, "get_run_logger", lambda: logging.getLogger("a run"))
    return caplog


def test_what_is_told_is_told():
    assert if_it_answers(lambda a, b: a + b, 1, b=2) == 3


def test_a_server_that_is_away_is_a_warning(logged):
    def away():
        raise httpx.ConnectError("All connection attempts failed")

    assert if_it_answers(away) is None
    assert "does not answer (All connection attempts failed)" in logged.text


def test_other_errors_stay_errors():
    with pytest.raises(ZeroDivisionError):
        if_it_answers(lambda: 1 / 0)
