import datetime
import zipfile

import pyarrow as pa
import pytest

pytest.importorskip("python_calamine")

from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file
from rnn.readers.workbook import as_array

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(path, **sheets) -> str:
    """A workbook of such sheets of rows, as Excel writes one: numbers, text, and dates as numbers with a style."""
    names = list(sheets)
    with zipfile.ZipFile(path, "w") as file:
        overrides = "".join(f'<Override PartName="/xl/worksheets/sheet{k}.xml" ContentType="{TYPE}.worksheet+xml"/>'
                            for k, _ in enumerate(names, 1))  # fmt: skip
        file.writestr("[Content_Types].xml", f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
                      f'<Default Extension="rels" ContentType="{RELATIONSHIPS}"/>'
                      f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
                      f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
                      f"{overrides}</Types>")  # fmt: skip
        file.writestr("_rels/.rels", f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
                      f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>')  # fmt: skip
        told = "".join(f'<sheet name="{name}" sheetId="{k}" r:id="r{k}"/>' for k, name in enumerate(names, 1))
        file.writestr(
            "xl/workbook.xml", f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{told}</sheets></workbook>'
        )
        links = "".join(f'<Relationship Id="r{k}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{k}.xml"/>'
                        for k, _ in enumerate(names, 1))  # fmt: skip
        file.writestr("xl/_rels/workbook.xml.rels", f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}'
                      f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>')  # fmt: skip
        file.writestr("xl/styles.xml", f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
                      '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>')  # fmt: skip
        for k, rows in enumerate(sheets.values(), 1):
            body = "".join(f'<row r="{r}">{"".join(map(cell, row))}</row>' for r, row in enumerate(rows, 1))
            file.writestr(f"xl/worksheets/sheet{k}.xml",
                          f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>')  # fmt: skip
    return str(path)


def cell(value) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, datetime.date):
        return f'<c s="1"><v>{(value - datetime.date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


ROWS = [["day", "sales"], *([datetime.date(2024, 1, k), k + 0.5] for k in range(1, 29))]


def read(path: str, **said):
    return read_series_file(Source(data=path, **said))


def test_a_sheet_is_read_with_its_dates_and_numbers(tmp_path):
    series, calendar, outline = read(workbook(tmp_path / "it.xlsx", Sheet1=ROWS))
    assert series.y.tolist() == [k + 0.5 for k in range(1, 29)]
    assert (calendar.frequency, outline.first, outline.kind) == ("D", "2024-01-01", "workbook, sheet 'Sheet1'")


def test_a_workbook_is_known_by_its_bytes_whatever_it_is_called(tmp_path):
    series, _, outline = read(workbook(tmp_path / "it.csv", Sheet1=ROWS))
    assert len(series) == len(ROWS) - 1
    assert outline.kind == "workbook, sheet 'Sheet1'"


def test_the_first_sheet_with_rows_is_meant_unless_another_is_named(tmp_path):
    path = workbook(tmp_path / "it.xlsx", Cover=[["Sales"]], Data=ROWS, Other=[["day", "v"], *ROWS[5:10]])
    assert read(path)[2].kind == "workbook, sheet 'Data'"
    assert len(read(path, sheet="Other")[0]) == 5
    with pytest.raises(BadSource, match="no sheet 'None', but 'Cover', 'Data', 'Other': mend --sheet"):
        read(path, sheet="None")


def test_titles_are_told_and_skipped_when_asked(tmp_path):
    path = workbook(tmp_path / "it.xlsx", Sheet1=[["Sales of 2024"], [], *ROWS])
    with pytest.raises(
        BadSource, match=r"row 1 .'Sales of 2024'. does not name the columns, row 3 does: give --skip-rows 2"
    ):
        read(path)
    assert len(read(path, skip_rows=2)[0]) == 28


def test_a_mistake_has_its_row(tmp_path):
    rows = [*ROWS[:5], [datetime.date(2024, 1, 5), "many"], *ROWS[6:]]
    with pytest.raises(BadSource, match="row 6, column 'sales': 'many' is no number"):
        read(workbook(tmp_path / "it.xlsx", Sheet1=rows))
    rows = [*ROWS[:5], [datetime.date(2024, 1, 5), None], *ROWS[6:]]
    with pytest.raises(BadSource, match="row 6, column 'sales': no value"):
        read(workbook(tmp_path / "it.xlsx", Sheet1=rows))


def test_numbers_and_dates_that_are_text_are_read_as_in_a_csv_file(tmp_path):
    rows = [["month", "sales"], *([f"2024{k:02d}", f"1,{k:03d}"] for k in range(1, 12)), ["202412", "990"]]
    series, calendar, _ = read(workbook(tmp_path / "it.xlsx", Sheet1=rows), thousands=",")
    assert series.y[:2].tolist() == [1001, 1002]
    assert calendar.frequency == "MS"


@pytest.mark.parametrize("cut", [30, 400, 900])
def test_a_workbook_that_is_damaged_is_one_line(tmp_path, cut):
    path = tmp_path / "it.xlsx"
    workbook(path, Sheet1=ROWS)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(BadSource, match="damaged or cut off"):
        read(str(path))


def test_without_the_library_it_is_told_what_to_install(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(BadSource, match=r"pip install 'wavecast\[excel\]'"):
        read(workbook(tmp_path / "it.xlsx", Sheet1=ROWS))


def test_cells_of_one_kind_are_of_one_type():
    day, noon = datetime.date(2024, 1, 1), datetime.datetime(2024, 1, 1, 12)
    assert as_array([1, 2.5, ""]).type == pa.float64()
    assert as_array([day, noon]).to_pylist() == [datetime.datetime(2024, 1, 1), noon]
    assert as_array([1.0, "x", day, datetime.time(9, 30)]).to_pylist() == ["1", "x", "2024-01-01", "09:30:00"]
    assert as_array(["", ""]).null_count == 2
