"""`wavecast browse`: the gallery built, opened where there is a screen, and its place as the last line."""

import webbrowser
from pathlib import Path

import pytest

from flows import browse as module
from flows.browse import BrowseSettings, browse
from flows.command_line.command import run_from_command_line


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    pages: list[str] = []
    monkeypatch.setattr(webbrowser, "open", pages.append)
    monkeypatch.setattr(module, "_has_a_screen", lambda: True)
    return pages


def test_it_builds_the_gallery_and_opens_it(opened, tmp_path):
    (tmp_path / "my runs").mkdir()
    place = browse(BrowseSettings(store=str(tmp_path / "my runs")))
    assert Path(place).is_file()
    assert opened == [Path(place).as_uri()]
    assert "my%20runs" in opened[0]


def test_the_last_line_is_where_it_is_and_nothing_is_opened_when_so_asked(opened, tmp_path, capsys):
    run_from_command_line(browse, BrowseSettings, ["--no-open", "--store", str(tmp_path)])
    assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / "index.html")
    assert opened == []


def test_without_a_screen_nothing_is_opened(opened, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_has_a_screen", lambda: False)
    browse(BrowseSettings(store=str(tmp_path)))
    assert opened == []


def test_a_display_is_a_screen(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not module._has_a_screen()
    monkeypatch.setenv("DISPLAY", ":0")
    assert module._has_a_screen()


def test_a_store_that_cannot_be_written_is_a_users_mistake(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as ended:
        run_from_command_line(browse, BrowseSettings, ["--no-open", "--store", str(tmp_path / "file")])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
