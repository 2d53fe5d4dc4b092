"""Fixtures that tests of several verbs share."""

import pytest
from prefect import get_client

from flows.cli import main


@pytest.fixture
def wavecast(store, capsys):
    """`wavecast(*words)` on the test's own `store`: the exit code and what was printed, a mistake's line for code 2."""

    def run(*words: str) -> tuple[int, str]:
        try:
            main([*words, "--store", str(store)])
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        return code, (printed.err if code == 2 else printed.out).strip()

    return run


@pytest.fixture
def client(prefect_server):
    """A client of a server that has nothing deployed, before and afterwards."""
    with get_client(sync_client=True) as client:
        yield client
        for each in client.read_deployments():
            client.delete_resource_owned_automations(f"prefect.deployment.{each.id}")
            client.delete_deployment(each.id)
