"""The console command: every verb is there, in its own module, and what needs no Prefect does not import it."""

import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

from flows.cli import console, main
from flows.command_line.verbs import VERBS

ROOT = Path(__file__).parents[2]

AUDIENCES = ["Forecast a series", "Keep it fresh", "Look into a run", "Experiment", "Help"]
"""The panels of `wavecast --help`, in their order."""


@pytest.fixture
def command(capsys, monkeypatch):
    """`command(*words)`: the exit code, standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> tuple[int, str, str]:
        try:
            main(list(words))
            code = 0
        except SystemExit as ended:
            code = ended.code or 0
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize("words", [("--help",), ("-h",), ()])
def test_help_lists_every_verb_with_what_it_does(command, words):
    code, out, error = command(*words)
    assert (code, error) == (0, "")
    for name, verb in VERBS.items():
        assert any(f" {name} " in line and verb.summary in line for line in out.splitlines())


def test_help_groups_the_verbs_by_who_needs_them(command):
    _, out, _ = command("--help")
    assert [line.strip("╭─╮ ") for line in out.splitlines() if line.startswith("╭")] == AUDIENCES
    forecaster, operator = out.index("Forecast a series"), out.index("Keep it fresh")
    assert forecaster < out.index(" run ") < operator < out.index(" retrain ")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_there_and_shows_its_flags(command, verb):
    code, out, error = command(verb, "--help")
    assert (code, error) == (0, "")
    assert f"Usage: wavecast {verb}" in out
    assert ("--time-column" if verb == "doctor" else "--store") in out
    assert VERBS[verb].examples
    for example in VERBS[verb].examples:
        assert f"Example: {example}" in " ".join(out.split())


FLAGS = {
    "A series of your own": ["--data", "--time-column", "--repair", "--horizon", "--store"],
    "More on the file": ["--skip-rows", "--fill-gaps"], "Forecast": ["--group-size", "--grid"],
    "Options": ["--recipes"], "Store and seed": ["--seed"], "Generated data, without a file": ["--noise"],
    "Recipe article": ["--article.lr"], "Recipe autoregressive": ["--autoregressive.members"],
}  # fmt: skip
"""Some flags of `wavecast run` by their panel, in the panels' order."""


def test_a_verbs_flags_are_grouped_with_those_of_a_file_first(command):
    _, out, _ = command("run", "--help")
    places = [out.index(f"─ {title} ─") for title in FLAGS]
    assert places == sorted(places)
    for start, end, flags in zip(places, [*places[1:], len(out)], FLAGS.values(), strict=True):
        for flag in flags:
            assert start < out.index(f" {flag} ") < end


@pytest.mark.parametrize("name", [name for name in VERBS if "data" in VERBS[name].settings().model_fields])
def test_a_missing_file_is_told_before_prefect_is_imported(tmp_path, name):
    script = LISTS_PREFECT.replace("assert not ended.code, ended.code", "assert ended.code == 2")
    if not getattr(VERBS[name].settings(), "makes_store", True):
        (tmp_path / "store").mkdir()
    store = [] if name == "doctor" else ["--store", str(tmp_path / "store")]
    ended = in_a_process(script, name, str(tmp_path / "absent.csv"), *store)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "[]\n"
    assert "there is no such file" in ended.stderr
    assert not list(tmp_path.glob("store/*"))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_a_command_of_its_own_file_too(verb):
    source = (ROOT / f"{VERBS[verb].module.replace('.', '/')}.py").read_text()
    assert 'if __name__ == "__main__":\n    run_from_command_line(' in source


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["foo"], "there is no verb 'foo'"), (["explian"], "did you mean 'explain'?"), (["--nonsense"], "--nonsense"),
        (["run", "--article.lrr", "1"], "--article.lr?"), (["run", "--seed", "x"], "--seed"),
        (["replay", "--faults", "--nights", "0"], "--nights: input"), (["replay", "--days=0"], "--days: input"),
        (["explain"], "RUN"), (["explain", "latest", "--store", ""], "--store"), (["verify", "a", "b"], "'b'"),
    ],
    ids=str,
)  # fmt: skip
def test_a_mistake_is_one_line_and_exit_code_2(command, words, says):
    code, out, error = command(*words)
    assert (code, out) == (2, "")
    assert error.startswith("wavecast: ")
    assert error.count("\n") == 1
    assert says in error
    assert "--help" in error


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["forecast", "--horizon", "14"],
            "wavecast forecast takes no --horizon: the champion forecasts as it was trained to",
        ),
        (["monitor", "--horizon=14"], "wavecast monitor takes no --horizon: it looks at what was forecast"),
        (["forecast", "--horizonn", "14"], "Unknown option: --horizonn"),
    ],
)
def test_a_flag_of_another_verb_says_where_it_belongs(words, line, capsys):
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    assert line in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("s3://me:secret@shop",), ("history", "s3://me:secret@shop"), ("run", "--seed", "s3://me:secret@shop"),
        ("forecast", "--to", "ftp://me:secret@shop/tonight.docx"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_mistake_repeats_no_password(command, words):
    code, out, error = command(*words)
    assert (code, out) == (2, "")
    assert "shop" in error
    assert "secret" not in error


def test_the_version_is_the_packages(command):
    assert command("--version") == (0, f"{version('wavecast')}\n", "")


def test_a_name_that_is_no_verb_is_no_attribute_either():
    with pytest.raises(AttributeError, match="nonsense"):
        import_module("flows.cli").nonsense  # noqa: B018


def test_the_shell_can_complete_verbs_and_their_flags():
    script = console().generate_completion(shell="bash")  # noqa: S604
    for word in (*VERBS, "--article.lr", "--store"):
        assert word in script


LISTS_PREFECT = """
import sys
from flows.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
print(sorted(name for name in sys.modules if name.partition(".")[0] == "prefect"))
"""


def in_a_process(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [["--help"], ["--version"], *([verb, "--help"] for verb in VERBS)], ids=str)
def test_what_needs_no_prefect_does_not_import_it(words):
    ended = in_a_process(LISTS_PREFECT, *words)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "[]"


def test_explaining_a_run_does_not_import_it_either(tmp_path):
    script = LISTS_PREFECT.replace("assert not ended.code, ended.code", "assert ended.code == 2")
    ended = in_a_process(script, "explain", "latest", "--store", str(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "[]\n"
    assert "no runs" in ended.stderr
