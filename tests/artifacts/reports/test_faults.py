"""The report of a year with faults: its tables count what the nights say, and its picture is drawn."""

from artifacts.reports.faults import by_fault, draw_nights, markdown, report, totals_in_text
from rnn.lifecycle.faults import Fault
from rnn.lifecycle.nights import Night

GOOD = {"delivered": "2024-08-01", "cutoff": "2024-08-01", "there": True, "label": "champion"}
NIGHTS = [
    Night(number=0, day="2024-08-02", fault=None, **GOOD),
    Night(number=1, day="2024-08-03", fault=Fault("killed"), **{**GOOD, "cutoff": "2024-07-31"}, labelled_again=True),
    Night(number=2, day="2024-08-04", fault=Fault("flat"), **GOOD, learned_bad=True),
]


def test_the_tables_have_a_row_a_kind_of_fault_and_a_count():
    assert [row["fault"] for row in by_fault(NIGHTS)] == ["none", "flat", "killed"]
    assert [row["label true"] for row in by_fault(NIGHTS)] == ["1", "0", "0"]
    assert [row["run again: true"] for row in by_fault(NIGHTS)] == ["1", "0", "1"]
    assert "| its label true at once | 1 |" in markdown(NIGHTS)


def test_the_picture_is_drawn(tmp_path):
    draw_nights(tmp_path / "nights.png", NIGHTS)
    assert (tmp_path / "nights.png").stat().st_size > 5000


def test_the_report_says_what_was_found():
    found = report(NIGHTS, {"seed": 0})
    assert found.sentences[0].startswith(
        "On 3 of 3 nights, 2 of them with a fault, a forecast was there; its label was"
    )
    assert "nights whose forecast knew such values: 1." in found.sentences[1]
    assert [len(table.rows) for table in found.tables] == [17, 3]
    assert "      3  nights\n      2  of these with a fault\n" in totals_in_text(NIGHTS)
