"""`wavecast doctor FILE`: what it prints, and how it exits."""

import fsspec
import pytest

from flows.command_line.command import MISTAKE, run_from_command_line
from flows.doctor import doctor


@pytest.fixture
def command(capsys):
    def run(*words: str) -> tuple[int, str, str]:
        try:
            run_from_command_line(doctor, arguments=list(words))
            code = 0
        except SystemExit as ended:
            code = ended.code
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def write(tmp_path):
    def written(text: str) -> str:
        (tmp_path / "series.csv").write_text(text)
        return str(tmp_path / "series.csv")

    return written


def test_a_usable_file_ends_with_a_command_and_code_0(command, write):
    code, out, error = command(write("t,v\n" + "".join(f"{k},{k % 5}\n" for k in range(200))))
    assert (code, error) == (0, "")
    assert out.splitlines()[-1].startswith("wavecast run /")


def test_a_file_is_named_with_its_flag_or_without(command, write):
    file = write("t,v\n" + "".join(f"{k},{k % 5}\n" for k in range(200)))
    assert command("--data", file) == command(file) == command("--skip-rows", "0", file)
    code, _, error = command()
    assert code == MISTAKE
    assert "name the file to look at, such as `wavecast doctor sales.csv`" in error


def test_one_that_is_not_ends_with_code_2(command, write):
    code, out, _ = command(write("t,v\n" + "".join(f"{k},{k}\n" for k in range(200)) + "200,x\n"))
    assert code == MISTAKE
    assert "line 202" in out


def test_what_is_known_already_can_be_said(command, write):
    text = "t,a,b\n" + "".join(f"{k},{k % 5},{k % 3}\n" for k in range(200))
    assert command(write(text))[0] == MISTAKE
    assert "--value-column b" in command(write(text), "--value-column", "b")[1]


def test_an_absent_file_is_one_line(command, tmp_path):
    code, out, error = command(str(tmp_path / "absent.csv"))
    assert (code, out) == (MISTAKE, "")
    assert error.startswith("wavecast: ")
    assert error.count("\n") == 1


def test_a_url_with_a_password_gives_a_command_that_says_what_it_lacks(command, monkeypatch):
    text = "t,v\n" + "".join(f"{k},{k % 5}\n" for k in range(200))
    files = fsspec.filesystem("memory")
    files.pipe_file("/me:secret@host/series.csv", text.encode())
    monkeypatch.delenv("WAVECAST_DATA_LOGIN", raising=False)
    code, out, error = command("memory://me:secret@host/series.csv")
    assert code == 0
    assert "secret" not in out + error
    *_, advice, last = out.splitlines()
    assert "$WAVECAST_DATA_LOGIN@host/series.csv" in last
    assert advice.startswith("The command names WAVECAST_DATA_LOGIN in the place of what the URL hides")
