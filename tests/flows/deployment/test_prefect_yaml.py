"""The parameters in prefect.yaml: what is right passes, and a mistake is one line before Prefect is asked."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from flows.deployment.prefect_yaml import FILE, BadDeployment, check_deployments

ROOT = Path(__file__).parents[3]

YAML = """
deployments:
  - name: hourly
    entrypoint: flows/monitor.py:monitor
    parameters:
      settings: {settings}
    schedules:
      - slug: often
        cron: "5 * * * *"
        parameters: {parameters}
"""


def checked(tmp_path: Path, settings: str = "{}", parameters: str = "{}") -> None:
    path = tmp_path / "prefect.yaml"
    path.write_text(YAML.replace("{settings}", settings).replace("{parameters}", parameters))
    check_deployments(path)


def test_the_projects_own_deployments_are_right():
    check_deployments(FILE)


@pytest.mark.parametrize("settings", ["{}", "null", "{data: sales.csv, store: runs, cycle: 2}"])
def test_what_a_flow_takes_passes(tmp_path, settings):
    checked(tmp_path, settings, "{settings: {cycle: 3}}")


@pytest.mark.parametrize(
    ("settings", "parameters", "told"),
    [
        ("{group_size: 7}", "{}", r"deployment 'hourly': its flow has no setting 'group_size'; it has: data, .*cycle"),
        ("{cycles: 7}", "{}", "did you mean 'cycle'"),
        ("{cycle: 0}", "{}", "cycle: .*greater than or equal to 1, not 0"),
        ("[1]", "{}", "deployment 'hourly'"),
        ("{}", "{settings: {horizon: 2}}", "schedule 'often': its flow has no setting 'horizon'"),
        ("{}", "{cycle: 2}", "under 'parameters' there is only 'settings'"),
        ("{", "{}", "cannot be read"),
        ("{data: 'postgresql://me:secret@host/db', table: a}", "{}", r"holds a password, .* such as .*\$PGPASSWORD"),
        ("{}", "{settings: {store: 'ftp://me:secret@host/runs'}}", "schedule 'often': store: ftp://…@host/runs holds"),
    ],
)
def test_a_mistake_is_one_line_that_says_where(tmp_path, settings, parameters, told):
    with pytest.raises(BadDeployment, match=told) as raised:
        checked(tmp_path, settings, parameters)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("prefect.yaml")


PAIR = """
deployments:
  - {name: keep-fresh, entrypoint: "flows/retrain.py:retrain", parameters: {settings: {RETRAINS}}}
  - name: hourly
    entrypoint: flows/monitor.py:monitor
    parameters: {settings: {MONITORS}}
    schedules: [{cron: "5 * * * *"}]
"""


@pytest.mark.parametrize(
    ("retrains", "monitors", "told"),
    [
        ("store: a, data: x.csv, horizon: 2", "store: a, data: x.csv, cycle: 7", None),
        ("store: a, data: x.csv", "store: b, data: x.csv", r"hourly.*store is 'b', which nothing retrains: it is 'a'"),
        ("store: a, data: x.csv", "store: a, data: y.csv", r"data is 'y.csv', but 'x.csv' in deployment 'keep-fresh'"),
        ("store: a, data: x.csv, fill_gaps: 2", "store: a, data: x.csv", "fill_gaps is 0, but 2"),
        ("store: a, data: 's3://h/x?version=1'", "store: a, data: y.csv", "'s3://h/x[?]…"),
    ],
)
def test_retraining_and_monitor_of_a_store_read_the_same_file_in_the_same_way(tmp_path, retrains, monitors, told):
    path = tmp_path / "prefect.yaml"
    path.write_text(PAIR.replace("RETRAINS", retrains).replace("MONITORS", monitors))
    if told is None:
        check_deployments(path)
        return
    with pytest.raises(BadDeployment, match=told):
        check_deployments(path)


def test_the_command_says_it_and_exits_with_2(tmp_path):
    path = tmp_path / "prefect.yaml"
    path.write_text(YAML.replace("{settings}", "{horizon: 2}").replace("{parameters}", "{}"))
    command = [sys.executable, str(ROOT / "flows" / "deployment" / "prefect_yaml.py"), str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert "'horizon'" in ended.stderr


def test_make_deploy_checks_before_it_asks_prefect():
    rule = (ROOT / "Makefile").read_text().partition("\ndeploy:")[2].partition("\n\n")[0]
    assert rule.index("flows/deployment/prefect_yaml.py") < rule.index("prefect work-pool")


def test_the_settings_in_the_operators_page_are_right(tmp_path):
    page = (ROOT / "docs" / "operating.md").read_text()
    blocks = re.findall(r"^    deployments:\n(?:    .*\n|\n)+", page, re.MULTILINE)
    assert blocks
    for block in blocks:
        path = tmp_path / "prefect.yaml"
        path.write_text(block)
        check_deployments(path)
