import shlex

import pytest

from artifacts.reports.command import command
from flows.command_line.command import run_from_command_line
from flows.command_line.verbs import VERBS
from flows.settings.evaluate import EvaluateSettings
from flows.settings.pipeline import PipelineSettings
from flows.settings.retrain import RetrainSettings
from flows.settings.sweep import SweepSettings
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe


def repeated(line: str, settings: type):
    """The settings that the command line stands for."""
    read = []

    def note(given: settings) -> None:
        read.append(given)

    wavecast, verb, *arguments = shlex.split(line)
    assert wavecast == "wavecast"
    assert VERBS[verb].settings() is settings
    run_from_command_line(note, settings, arguments)
    return read[0]


@pytest.mark.parametrize(
    "given",
    [
        PipelineSettings(seed=7),
        PipelineSettings(seed=3, recipes=("article",), article=ArticleRecipe(lr=0.01, epochs=7), horizon=12),
        PipelineSettings(autoregressive=AutoregressiveRecipe(logarithm=False, gains=(0.5,), memories=(3.0, 0.25))),
        PipelineSettings(grid="code", points=700, noise=0.0),
        SweepSettings(over=("lr=0.1,0.2", "hidden=5,10"), seeds=3),
        EvaluateSettings(peers=False, series=("logistic",)),
        RetrainSettings(seed=5),
    ],
    ids=str,
)
def test_the_command_stands_for_the_same_settings(given):
    flow = type(given).__name__.removesuffix("Settings").lower()
    line = command(flow, given.model_dump(mode="json"))
    assert repeated(line, type(given)) == given


def test_the_store_and_the_wish_for_a_fresh_seed_are_left_out():
    line = command("pipeline", PipelineSettings(store="/elsewhere", fresh_seed=True, seed=99).model_dump(mode="json"))
    assert "--seed 99" in line
    assert "elsewhere" not in line
    assert "fresh" not in line


def test_what_a_shell_would_take_for_its_own_is_quoted():
    line = command("pipeline", {"data": "my file; rm -rf $HOME"})
    assert shlex.split(line) == ["wavecast", "run", "--data", "my file; rm -rf $HOME"]


def test_a_file_is_named_from_the_root_so_that_the_command_works_in_any_folder(tmp_path, monkeypatch):
    (tmp_path / "sales.csv").touch()
    monkeypatch.chdir(tmp_path)
    line = command("retrain", {"data": "sales.csv", "value_column": "sales.csv"})
    assert shlex.split(line)[2:] == ["--data", str(tmp_path / "sales.csv"), "--value-column", "sales.csv"]
    assert "--data s3://bucket/sales.csv" in command("retrain", {"data": "s3://bucket/sales.csv"})


def test_of_a_file_the_task_is_always_given_since_another_may_suit_it_later():
    given = PipelineSettings(data="sales.csv", group_size=6, horizon=20)  # its horizon is said in points
    assert "--group-size 6 --horizon 120" in command("pipeline", given.model_dump(mode="json"))
