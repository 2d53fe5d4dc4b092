import pytest

from rnn.readers.other_kinds import OTHERS, refuse_other_bytes, refuse_other_text
from rnn.readers.problems import BadSource

TEXTS = {
    # what it is called: the text
    "YAML": [
        "---\n- day: 2024-01-01\n  sales: 5\n",
        "day: 2024-01-01\nsales: 5\n",
        "series:\n  - {day: 2024-01-01, sales: 5}\n  - {day: 2024-01-02, sales: 6}\n",
        "# sales\n2024-01-01: 5\n2024-01-02: 6\n",
    ],
    "settings (TOML or INI)": [
        "[data]\npath=a.csv\ntime_column=day\n[model]\nhorizon=4\n",
        'title = "sales"\n\n[data]\npath = "a.csv"\n',
        "[[series]]\nday = 2024-01-01\nsales = 5\n",
    ],
    "a table in HTML": ["<table border=1><tr><td>day</td></tr></table>", "\ufeff\n<TABLE>\n"],
    "a web page": ["<meta charset=utf-8><div>", "<!doctype html>", "<div class='x'>"],
    "XML": ["<?xml version='1.0'?>"],
    "a text in LaTeX": ["\\documentclass{article}"],
    "JSON": ['{"day": ["2024-01-01"]}'],
}


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in TEXTS.items() for text in texts])
def test_a_text_that_is_no_table_is_called_by_its_name(what, text):
    with pytest.raises(BadSource, match=what.replace("(", "[(]").replace(")", "[)]")):
        refuse_other_text("it.csv", text)


@pytest.mark.parametrize(
    "text",
    [
        "<DATE>,<CLOSE>\n2024-01-01,5\n",
        "<ticker>;<per>;<date>\nA;D;20240101\n",
        "day,sales\n2024-01-01,5\n",
        "time: utc;sales: EUR\n2024-01-01 00:00;5\n",
        "[day],[sales]\n2024-01-01,5\n",
        "day=text,sales=number\n2024-01-01,5\n",
        "day: one\n",
        "# day: sales\nday,sales\n2024-01-01,5\n",
    ],
)
def test_tables_are_left_alone(text):
    refuse_other_text("it.csv", text)


@pytest.mark.parametrize(("mark", "what"), OTHERS)
def test_other_bytes_are_called_by_their_name(mark, what):
    with pytest.raises(BadSource, match=what[:12].replace("(", "[(]")):
        refuse_other_bytes("it.csv", mark + b"\0" * 8)
