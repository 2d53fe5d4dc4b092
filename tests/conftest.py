"""What tests of several rooms need: one Prefect server for all of them, with storage of its own."""

import os

import pytest
from hypothesis import settings

os.environ["DO_NOT_TRACK"] = "1"

# No example has a time limit: how long one takes says more about the machine than about the code. The examples are
# the same everywhere, so that what passes here passes elsewhere; `--hypothesis-profile search` looks for new ones.
settings.register_profile("wavecast", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("wavecast")


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory):
    """A temporary Prefect server, started once, with an empty database and an empty result storage."""
    from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    storage = tmp_path_factory.mktemp("prefect-storage")
    with (
        temporary_settings({PREFECT_LOCAL_STORAGE_PATH: storage}),
        prefect_test_harness(server_startup_timeout=120),
    ):
        yield


CHECKED = "golden numbers"
"""The property under which a golden test notes what it checked; the end of the pytest output lists them."""


def pytest_terminal_summary(terminalreporter):
    """Say what the golden tests that passed have compared, and how closely: it depends on the machine."""
    passed = [dict(report.user_properties).get(CHECKED) for report in terminalreporter.getreports("passed")]
    checked = [what for what in passed if what]
    if checked:
        terminalreporter.section(CHECKED)
    for what in dict.fromkeys(checked):
        terminalreporter.line(f"{what} [{checked.count(what)} tests]")
