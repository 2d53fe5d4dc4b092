"""Privacy and patience wherever a run starts, and only where the user has chosen nothing else."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from flows.deployment.prefect_defaults import DEFAULTS, set_defaults

ROOT = Path(__file__).parents[3]
ANALYTICS = "PREFECT_SERVER_ANALYTICS_ENABLED"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty folder as the current one, with an empty home of Prefect's below it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prefect").mkdir()
    return tmp_path


def environment(home, **given) -> dict[str, str]:
    made = {"PREFECT_HOME": str(home / "prefect"), **given}
    set_defaults(made)
    return made


def test_where_nothing_is_chosen_every_default_is_set(home):
    assert DEFAULTS.items() <= environment(home).items()


def test_what_the_environment_says_stays(home):
    chosen = {ANALYTICS: "true", "DO_NOT_TRACK": "0"}
    assert chosen.items() <= environment(home, **chosen).items()


@pytest.mark.parametrize(
    ("file", "text"),
    [("prefect.toml", "[server]\nanalytics_enabled = true\n"),
     ("pyproject.toml", "[tool.prefect.server]\nanalytics_enabled = true\n"),
     (".env", f"{ANALYTICS}=true\n"),
     ("prefect/profiles.toml", f'active = "mine"\n[profiles.mine]\n{ANALYTICS} = "true"\n')],
)  # fmt: skip
def test_what_a_file_of_prefects_says_stays(home, file, text):
    (home / file).write_text(text)
    made = environment(home)
    assert ANALYTICS not in made
    assert "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS" in made


@pytest.mark.parametrize(
    ("file", "text"),
    [("prefect.toml", "not toml ["), ("prefect/profiles.toml", "active = 3\nprofiles = 4\n"),
     ("prefect/profiles.toml", f'active = "mine"\n[profiles.other]\n{ANALYTICS} = "true"\n')],
)  # fmt: skip
def test_files_that_say_nothing_of_it_change_nothing(home, file, text):
    (home / file).write_text(text)
    assert environment(home)[ANALYTICS] == "false"


def test_the_defaults_are_those_of_the_clones_own_file():
    toml = tomllib.loads((ROOT / "prefect.toml").read_text())
    assert DEFAULTS[ANALYTICS] == json.dumps(toml["server"]["analytics_enabled"])
    patience = toml["server"]["ephemeral"]["startup_timeout_seconds"]
    assert DEFAULTS["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] == str(patience)
    assert DEFAULTS["PREFECT_CLIENT_RETRY_EXTRA_CODES"] == toml["client"]["retry_extra_codes"]
    assert DEFAULTS["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] == str(toml["flows"]["heartbeat_frequency"])


def test_prefect_takes_them_in_a_folder_of_data(home):
    script = (
        "import flows\nfrom prefect.settings import get_current_settings\ns = get_current_settings()\n"
        "print(s.server.analytics_enabled, s.server.ephemeral.startup_timeout_seconds, s.flows.heartbeat_frequency)"
    )
    clean = {"PATH": "", "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(home / "prefect")}
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=home, env=clean, capture_output=True, text=True, check=False
    )
    assert ended.stdout.split() == ["False", "120", "30"], ended.stderr
