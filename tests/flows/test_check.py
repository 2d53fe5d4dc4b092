"""A store looked over as an operator types it: an exit code for scripts, and --mend."""

from pathlib import Path

import pytest

from flows.cli import main
from tests.grown_store import grow, run_name


@pytest.fixture
def store(tmp_path, put_retraining) -> Path:
    grow(tmp_path / "runs", put_retraining, [3, 2, 1], champions=[3, 2])
    return tmp_path / "runs"


@pytest.fixture
def check(store, capsys):
    """`check(*words)`: the exit code and the lines."""

    def run(*words: str) -> tuple[int, list[str]]:
        try:
            main(["check", *words, "--store", str(store)])
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, capsys.readouterr().out.strip().splitlines()

    return run


def test_a_whole_store_is_told_in_one_line(check, store):
    assert check() == (0, [f"{store}: 3 runs; nothing is wrong"])
    assert check("--mend") == (0, [f"{store}: 3 runs; nothing is wrong"])


def test_what_is_wrong_is_told_and_then_mended(check, store):
    (store / "latest" / "forecast.json").write_text("{")
    (store / "monitor.json").write_text("{")
    code, lines = check()
    assert code == 1
    assert lines == [
        "wrong: latest/forecast.json is missing or damaged",
        "wrong: monitor.json is damaged",
        f"2 things are wrong, 2 of which `wavecast check --mend --store {store}` puts right",
    ]
    assert check("--mend") == (
        0,
        [
            "mended: latest/forecast.json is missing or damaged: it is latest/ of what is served again",
            "mended: monitor.json is damaged: moved to monitor.json.damaged",
            "all is put right",
        ],
    )
    assert check()[0] == 0


def test_what_only_a_backup_can_mend_stays_wrong(check, store):
    (store / run_name(3) / "verdict.json").write_text("{}")
    (store / "monitor.json").write_text("{")
    code, lines = check("--mend")
    assert code == 1
    assert lines[0].startswith(f"not mended: {run_name(3)} is not whole: verdict.json has other bytes")
    assert lines[-1] == "1 thing is wrong still"
    assert check()[1][-1] == f"1 thing is wrong, 0 of which `wavecast check --mend --store {store}` puts right"


def test_a_store_that_is_not_there_is_not_made(capsys, tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(["check", "--store", str(tmp_path / "typo")])
    assert ended.value.code == 2
    assert not (tmp_path / "typo").exists()
