import io
import logging
import os
import re
import sys
from typing import get_args

import pytest
from pydantic import BaseModel

from flows.command_line import command as module
from flows.command_line.command import DIFFERENT, INTERRUPTED, MISTAKE, Answer, run_from_command_line
from flows.settings.base import RecipeName
from flows.settings.pipeline import PipelineSettings
from rnn.errors import Diverged, WavecastError


class StubFlow:
    """Stands for a flow: it notes the settings that it is called with, and ends as it is told to."""

    def __init__(self) -> None:
        self.__name__, self.__doc__ = "pipeline", "The main job."
        self.given: list[PipelineSettings] = []
        self.ends_with: str | BaseException | None = "runs/20260301T000000Z-abcdef"

    def __call__(self, settings: PipelineSettings) -> str | None:
        self.given.append(settings)
        if isinstance(self.ends_with, BaseException):
            raise self.ends_with
        return self.ends_with


@pytest.fixture
def flow(monkeypatch) -> StubFlow:
    monkeypatch.setattr(logging.getLogger("prefect"), "filters", [])
    return StubFlow()


@pytest.fixture
def command(flow, capsys):
    """`command(*flags)`: the exit code, standard output and standard error."""

    def run(*flags: str) -> tuple[int, str, str]:
        try:
            run_from_command_line(flow, PipelineSettings, list(flags))
            code = 0
        except SystemExit as ended:
            code = ended.code or 0
        return code, *capsys.readouterr()

    return run


JARGON = re.compile(
    r"Traceback|pydantic|validation|value_error|\btuple\b|\bdict|instance of|parse string|Unused Tokens|Recipe\b|"
    r"BaseModel|\bNone\b|\[\]|__|Error\b"
)
"""Words of the libraries below, which mean nothing to a user."""


def is_one_line_for_people(error: str) -> bool:
    return error.startswith("wavecast: ") and error.count("\n") == 1 and error.endswith("\n")


MISTAKES = [
    # the flags, what the line must name, what it must say of the remedy
    (["--nonsense", "1"], ["--nonsense"], "Did you mean"),
    (["--article.lrr", "2"], ["--article.lrr"], "--article.lr?"),
    (["--recipes", "lstm"], ["--recipes", "lstm"], "'article' or 'autoregressive'"),
    (["--recipes", "article", "lstm"], ["--recipes", "lstm"], "'article' or 'autoregressive'"),
    (["--grid", "other"], ["--grid", "other"], "'text' or 'code'"),
    (["--untuned.rule", "adam"], ["--untuned.rule", "adam"], "'earliest' or 'bptt'"),
    (["--article.epochs", "0"], ["--article.epochs", "0"], "greater than or equal to 1"),
    (["--article.epochs", "99999999"], ["--article.epochs", "99999999"], "less than or equal to 1000000"),
    (["--untuned.epochs", "-3"], ["--untuned.epochs", "-3"], "greater than or equal to 1"),
    (["--article.lr", "0"], ["--article.lr", "0"], "greater than 0"),
    (["--article.lr", "-1"], ["--article.lr", "-1"], "greater than 0"),
    (["--untuned.lr", "11"], ["--untuned.lr", "11"], "less than or equal to 10"),
    (["--article.lr", "nan"], ["--article.lr", "nan"], "10"),
    (["--article.window", "0"], ["--article.window", "0"], "greater than or equal to 1"),
    (["--seed", "abc"], ["--seed", "abc"], "integer"),
    (["--seed", "1.5"], ["--seed", "1.5"], "integer"),
    (["--seed", "-1"], ["--seed", "-1"], "greater than or equal to 0"),
    (["--points", "1e3"], ["--points", "1e3"], "integer"),
    (["--article.lr", "two"], ["--article.lr", "two"], "number"),
    (["--noise", "-0.5"], ["--noise", "-0.5"], "greater than or equal to 0"),
    (["--step", "0"], ["--step", "0"], "greater than or equal to 0.000000001"),
    (["--step", "inf"], ["--step", "inf"], "finite"),
    (["--horizon", "0"], ["--horizon", "0"], "greater than or equal to 1"),
    (["--group-size", "0"], ["--group-size", "0"], "greater than or equal to 1"),
    (["--group-size", "200"], ["600 points", "groups of 200"], "smaller group size"),
    (["--points", "20"], ["20 points", "groups of 6"], "give 30 points"),
    (["--article.window", "101"], ["600 points", "101 groups"], "give 606 points"),
    (["--horizon", "0", "--noise", "-1"], ["--horizon", "--noise", "0", "-1"], "greater than"),
    (["--store", ""], ["--store"], "at least 1 character"),
    (["--seed"], ["--seed"], "requires an argument"),
    (["--seed", "1", "--seed", "2"], ["--seed"], "multiple times"),
    (["--fresh-seed", "maybe"], ["maybe"], ""),
    (["stray"], ["stray"], ""),
    (["--article", "5"], ["--article", "5"], ""),
    (["--recipes"], ["--recipes"], ""),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "named", "remedy"), MISTAKES, ids=[" ".join(flags) for flags, *_ in MISTAKES])
def test_a_mistake_is_told_in_one_line_and_nothing_is_run(command, flow, flags, named, remedy):
    code, out, error = command(*flags)
    assert code == MISTAKE == 2
    assert out == ""
    assert is_one_line_for_people(error)
    assert all(word in error for word in named)
    assert remedy in error
    assert "Traceback" not in error
    assert flow.given == []


@pytest.mark.parametrize("flags", [flags for flags, *_ in MISTAKES], ids=" ".join)
def test_a_mistake_is_told_in_a_users_words_with_the_way_to_help(command, flags):
    _, _, error = command(*flags)
    assert not JARGON.search(error), error
    assert "see --help" in error.lower() or ": give " in error or "no such file: check the path" in error


@pytest.mark.parametrize(
    "error",
    [Diverged(3, 1.0), WavecastError("cannot write to runs: the disk is full"), WavecastError("of\n two lines")],
)
def test_a_mistake_that_the_flow_finds_is_told_in_one_line(command, flow, error):
    flow.ends_with = error
    code, out, told = command()
    assert (code, out) == (2, "")
    assert is_one_line_for_people(told)
    assert told == f"wavecast: {' '.join(str(error).split())}\n"


@pytest.mark.parametrize(
    "error",
    [
        "Failed to reach API at http://127.0.0.1:9/api/",
        "Timed out while attempting to connect to ephemeral Prefect API server.",
    ],
)
def test_a_prefect_server_that_is_not_there_is_told_in_one_line_with_a_way_out(command, flow, error):
    flow.ends_with = RuntimeError(error)
    code, out, err = command()
    assert (code, out, err.count("\n")) == (MISTAKE, "", 1)
    assert err.startswith(f"wavecast: {error.rstrip('./')}: ")
    assert "make server" in err


def test_an_interruption_ends_with_code_130_and_no_traceback(command, flow):
    flow.ends_with = KeyboardInterrupt()
    code, out, error = command()
    assert code == INTERRUPTED == 130
    assert out == ""
    assert error.count("\n") <= 1
    assert "Traceback" not in error


def test_what_is_no_mistake_of_the_users_is_not_hidden(flow):
    flow.ends_with = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        run_from_command_line(flow, PipelineSettings, [])


def test_the_last_line_is_what_the_flow_returned(command, flow):
    assert command() == (0, f"{flow.ends_with}\n", "")
    assert flow.given == [PipelineSettings()]


@pytest.mark.parametrize("code", [0, DIFFERENT])
def test_an_answer_is_printed_and_ends_with_its_code(command, flow, code):
    flow.ends_with = Answer("two\nlines", code)
    assert command() == (code, "two\nlines\n", "")


def look(what: str, /, settings: PipelineSettings) -> str:
    """Look at something."""
    return f"{what} with seed {settings.seed}"


@pytest.mark.parametrize("flags", [["this", "--seed", "7"], ["--seed", "7", "this"], ["--seed=7", "this"]])
def test_a_plain_function_takes_arguments_and_the_flags_of_its_settings(capsys, flags):
    run_from_command_line(look, arguments=flags)
    assert capsys.readouterr().out == "this with seed 7\n"


def test_settings_may_be_left_out_altogether(capsys):
    run_from_command_line(look, arguments=["this"])
    assert capsys.readouterr().out == "this with seed 0\n"


@pytest.mark.parametrize(
    ("flags", "says"), [([], "WHAT"), (["this", "that", "other"], "'other'"), (["--what", "x"], "--what")]
)
def test_arguments_that_are_missing_or_too_many_are_a_mistake(capsys, flags, says):
    with pytest.raises(SystemExit) as ended:
        run_from_command_line(look, arguments=flags)
    assert ended.value.code == MISTAKE
    error = capsys.readouterr().err
    assert is_one_line_for_people(error)
    assert says in error


def test_a_flow_that_returns_nothing_prints_nothing(command, flow):
    flow.ends_with = None
    assert command() == (0, "", "")


@pytest.mark.filterwarnings("ignore:Cyclopts application invoked without tokens")
def test_flags_are_read_from_the_command_line(flow, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["flows/pipeline.py", "--seed", "7"])
    run_from_command_line(flow, PipelineSettings)
    assert flow.given == [PipelineSettings(seed=7)]
    assert capsys.readouterr().out.splitlines()[-1] == flow.ends_with


@pytest.mark.parametrize(
    ("flags", "values"),
    [
        (["--seed", "7", "--store", "memory://runs"], {"seed": 7, "store": "memory://runs"}),
        (["--seed=7"], {"seed": 7}),
        (["--fresh-seed"], {"fresh_seed": True}),
        (["--recipes", "article", "untuned"], {"recipes": ["article", "untuned"]}),
        (["--recipes", "article", "--seed", "1"], {"recipes": ["article"], "seed": 1}),
        (["--article.lr", "0.0005", "--article.epochs", "300"], {"article": {"lr": 0.0005, "epochs": 300}}),
        (["--untuned.rule", "bptt"], {"untuned": {"rule": "bptt"}}),
        (["--group-size", "12", "--horizon", "3", "--grid", "code"], {"group_size": 12, "horizon": 3, "grid": "code"}),
        (["--noise", "1e-3", "--step", "0.5", "--points", "240"], {"noise": 1e-3, "step": 0.5, "points": 240}),
    ],
)
def test_flags_become_settings(command, flow, flags, values):
    assert command(*flags)[0] == 0
    assert flow.given == [PipelineSettings.model_validate(values)]


def flags_of(model: type[BaseModel], under: str = ""):
    """Every flag of the settings, with its description and default."""
    for name, field in model.model_fields.items():
        flag = f"{under}{name.replace('_', '-')}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from flags_of(field.annotation, f"{flag}.")
        else:
            yield f"--{flag}", field.description, field.default


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_explains_each_flag_with_its_default(command, flow, flag, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    code, out, error = command(flag)
    assert (code, error, flow.given) == (0, "", [])
    assert "python flows/pipeline.py" in out
    assert flow.__doc__ in out
    lines = out.splitlines()
    flags = list(flags_of(PipelineSettings))
    recipes = [PipelineSettings.model_fields[name].annotation for name in get_args(RecipeName)]
    assert len(flags) == len(PipelineSettings.model_fields) - 3 + sum(len(recipe.model_fields) for recipe in recipes)
    for name, description, default in flags:
        (line,) = (line for line in lines if f" {name} " in line)
        assert description in line
        shown = " ".join(map(str, default)) if isinstance(default, tuple) else str(default)
        assert (f"[default: {shown}]" in line) == (default not in (None, ())), name
    for recipe in get_args(RecipeName):
        assert recipe in out


def test_only_the_line_on_prefects_own_server_is_kept_from_the_end(command, caplog):
    command()
    logger = logging.getLogger("prefect")
    for message, kept in (("Stopping temporary server on http://127.0.0.1", False), ("Finished in state Failed", True)):
        record = logger.makeRecord("prefect", logging.INFO, "", 0, message, (), None)
        assert bool(logger.filter(record)) is kept


def test_standard_input_and_letters_that_a_terminal_lacks(monkeypatch):
    assert module._with_standard_input(["--data", "-", "--seed", "3"]) == ["--data=-", "--seed", "3"]
    assert module._with_standard_input(["doctor", "-"]) == ["doctor", "--data=-"]
    old = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", write_through=True)
    module._print("sales of ünïts: 你好", old)
    assert old.buffer.getvalue().decode("cp1252").strip() == r"sales of ünïts: \u4f60\u597d"


def test_a_reader_that_has_seen_enough_ends_the_output_and_nothing_else(monkeypatch):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        run_from_command_line(lambda settings: "line\n" * 100_000, PipelineSettings, [])
