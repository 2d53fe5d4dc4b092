"""docs/python.md: its blocks run as they stand, one after the other."""

import re
from pathlib import Path

import rnn

PAGE = Path(__file__).parents[1] / "docs" / "python.md"


def test_the_blocks_of_the_page_run_and_say_what_the_page_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 6
    for block in blocks:
        exec(block, names)  # noqa: S102  the page is ours
    table = names["forecast"].to_pandas(levels=(50, 90))
    assert list(table) == ["time", "mean", "lo-50", "hi-50", "lo-90", "hi-90"]
    assert str(table.time[0]) == "2026-07-20 00:00:00"
    assert "a series is wanted" in capsys.readouterr().out
    assert names["tests"].to_pandas().method[0] in {"autoregressive", "seasonal naive"}


def test_the_interface_is_what_dir_shows():
    assert dir(rnn) == sorted(rnn.__all__)
    assert all(getattr(rnn, name) is not None for name in rnn.__all__)
