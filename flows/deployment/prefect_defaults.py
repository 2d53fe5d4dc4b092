"""Set Wavecast's defaults for Prefect where the user has set none: no usage data, and a longer wait at the start.

Prefect reads `prefect.toml` from the current folder alone, so a run from a folder of data would know nothing of the one
in the clone. Variables of the environment count everywhere; this module sets them before Prefect is imported.
"""

import os
import tomllib
from collections.abc import MutableMapping
from pathlib import Path

DEFAULTS = {
    # No usage data leave this machine: neither the server's nor the client's.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # The embedded server of a run. Prefect's own default gives up too early on a slow machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # flows/automations.yaml marks a run as Crashed after 75 seconds without a sign of life.
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    # A server whose database is away answers so, and Prefect gives up at once; what it retries, it does for a minute.
    "PREFECT_CLIENT_RETRY_EXTRA_CODES": "500",
}


def set_defaults(environment: MutableMapping[str, str] = os.environ) -> None:
    """Set each variable that the user has set nowhere: not in the environment, a Prefect profile, or a file here."""
    chosen = _chosen_in_files(environment)
    for name, value in DEFAULTS.items():
        if name not in environment and name.lower() not in chosen:
            environment[name] = value


def _chosen_in_files(environment: MutableMapping[str, str]) -> set[str]:
    """The settings, as variables in lower case, in the files that Prefect reads: its profiles, and those here."""
    home = Path(environment.get("PREFECT_HOME") or Path.home() / ".prefect").expanduser()
    profiles = _toml(Path(environment.get("PREFECT_PROFILES_PATH") or home / "profiles.toml"))
    active = environment.get("PREFECT_PROFILE") or str(profiles.get("active"))
    chosen = {name.lower() for name in _table(_table(profiles.get("profiles")).get(active))}
    chosen |= _flat(_toml(Path("prefect.toml")), "prefect")
    chosen |= _flat(_table(_table(_toml(Path("pyproject.toml")).get("tool")).get("prefect")), "prefect")
    try:
        dotenv = Path(".env").read_text(encoding="utf-8")
    except (OSError, ValueError):
        dotenv = ""
    return chosen | {line.partition("=")[0].removeprefix("export ").strip().lower() for line in dotenv.splitlines()}


def _toml(path: Path) -> dict[str, object]:
    """A file's contents; of one that is not there or damaged, which is Prefect's to tell, nothing."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _flat(table: dict[str, object], under: str) -> set[str]:
    """The names of all values in nested tables, joined with underscores."""
    names: set[str] = set()
    for key, value in table.items():
        names |= _flat(value, f"{under}_{key}") if isinstance(value, dict) else {f"{under}_{key}".lower()}
    return names
