"""Files that are no tables, told by their first bytes or letters: what each is, and how it becomes a table."""

import re

from rnn.readers.problems import BadSource

OTHERS = (
    (b"\x1f\x8b", "gzip within another compression: unpack it first"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook within another: unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook within an archive: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstd: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"%PDF", "a PDF: give a CSV or Parquet file"),
    (b"\x89PNG", "a picture: give a CSV or Parquet file"),
    (b"\xff\xd8\xff", "a picture: give a CSV or Parquet file"),
    (b"GIF8", "a picture: give a CSV or Parquet file"),
    (b"SQLite", "a database: read it with --data sqlite:///FILE --table NAME"),
    (b"\x93NUMPY", "a NumPy file: save it as CSV or Parquet"),
    (b"ARROW1", "an Arrow file: save it as CSV or Parquet"),
    (b"FEA1", "a Feather file: save it as CSV or Parquet"),
    (b"ORC", "an ORC file: save it as CSV or Parquet"),
    (b"Obj\x01", "an Avro file: save it as CSV or Parquet"),
    (b"\x89HDF", "an HDF5 file: save the table as CSV or Parquet"),
    (b"CDF", "a NetCDF file: save the series as CSV or Parquet"),
    (b"\x80\x04\x95", "a pickle, which Wavecast never opens: save the table as CSV or Parquet"),
    (b"\x80\x05\x95", "a pickle, which Wavecast never opens: save the table as CSV or Parquet"),
    (b"<stata_dta>", "a file of Stata: export it as CSV"),
    (b"$FL2", "a file of SPSS: export it as CSV"),
    (b"version https://git-lfs", "a pointer of Git LFS in the place of the data: fetch them with git lfs pull"),
)
"""The first bytes of other kinds of files, and the advice on each."""

MARKUP = ("<!doctype html", "<html", "<head", "<body", "<?xml", "<!--")
_TAG = re.compile(r"<(table|tr|td|div|meta|title|script|style|link|p|pre|span|center|h[1-6]|ul|ol)\b[^>]*>")

OTHER_TEXT = (
    (r"\{\\rtf", "a text document (RTF): save the table as CSV"),
    (r"begin:v(calendar|card)", "a calendar: export the data as CSV"),
    (r"@relation\b", "an ARFF file: save it as CSV"),
    (
        r"(--.*\s+)*(create (table|database)|insert into|drop table|begin;)",
        "a dump of SQL: load it into a database and read that, such as --data sqlite:///sales.db --table sales",
    ),
    (r"%!ps", "a printed page: give a CSV or Parquet file"),
    (r"\\documentclass|\\begin\{", "a text in LaTeX: save the table as CSV"),
)
"""How other kinds of text begin, in small letters, and the advice on each."""

_JSON = re.compile(r"[\[{]\s*([\[{\"\]}]|-?[0-9])")
_BY_PANDAS = "python -c \"import pandas; pandas.{how}.to_csv('series.csv', index=False)\""

LINES = 50
"""So many lines tell whether a text is settings."""

ALIKE = 0.9
_KEY = re.compile(r"\s*(- )*(\"[^\"]*\"|'[^']*'|[\w .-]+):( .*)?")
_ITEM = re.compile(r"\s*- \S.*")
_SECTION = re.compile(r"\[\[?[\w .\"'-]+\]\]?")
_SETTING = re.compile(r"[\w.\"'-]+ *= *[^,;\t|=]*")


def refuse_other_bytes(name: str, start: bytes) -> None:
    """Raise BadSource when a file begins as other kinds do."""
    for mark, what in OTHERS:
        if start.startswith(mark):
            raise BadSource(f"{name}: this is no CSV or Parquet file but {what}")


def refuse_other_text(name: str, text: str) -> None:
    """Raise BadSource when a text is a page, a document, JSON, YAML, settings or the like."""
    begin = text.lstrip("\ufeff \r\n\t")
    _refuse_markup(name, begin[:4096].lower())
    for pattern, what in OTHER_TEXT:
        if re.match(pattern, begin[:200], re.IGNORECASE):
            raise BadSource(f"{name}: this is no CSV or Parquet file but {what}")
    if _JSON.match(begin) and not begin.startswith("[["):
        lines = ", lines=True" if begin.startswith("{") and re.search(r"\}\s*\n\s*\{", begin) else ""
        how = _BY_PANDAS.format(how=f"read_json('FILE'{lines})")
        raise BadSource(f"{name}: this is JSON, not a table: turn it into one, such as by {how}")
    _refuse_settings(name, begin)


def _refuse_markup(name: str, begin: str) -> None:
    if begin.startswith("<?xml"):
        raise BadSource(f"{name}: this is XML, not a table: export the data as CSV")
    if begin.startswith("<table"):
        raise BadSource(
            f"{name}: this is a table in HTML, as some programs write under the name of a workbook: open it in a "
            "spreadsheet and save it as CSV"
        )
    if begin.startswith(MARKUP) or _TAG.match(begin):
        raise BadSource(
            f"{name}: this is a web page, not a table: download the data themselves; a page may have asked for a login"
        )


def _refuse_settings(name: str, begin: str) -> None:
    """Raise BadSource for YAML, TOML and INI; where a line may as well be a row of a table, it counts as one."""
    lines = [line.rstrip() for line in begin.splitlines()[:LINES] if line.strip()]
    lines = [line for line in lines if not line.lstrip().startswith("#")]
    if len(lines) < 2:
        return
    keys = [bool(_KEY.fullmatch(line)) for line in lines]
    items = [bool(_ITEM.fullmatch(line)) for line in lines]
    if lines[0] == "---" or (any(keys) and sum(map(max, keys, items)) >= ALIKE * len(lines)):
        raise BadSource(f"{name}: this is YAML, not a table: write a line of names, and below it a line for "
                        "each time")  # fmt: skip
    settings = [bool(_SECTION.fullmatch(line) or _SETTING.fullmatch(line)) for line in lines]
    if sum(settings) >= ALIKE * len(lines):
        raise BadSource(f"{name}: these are settings (TOML or INI), not a table: give the file with the data")
