"""The file of nights: what was written is read."""

from artifacts.files.nights import add_night, read_nights, write_nights
from rnn.lifecycle.faults import Fault
from rnn.lifecycle.nights import Night

NIGHTS = [
    Night(0, "2024-08-01", None, "2024-07-31"),
    Night(1, "2024-08-02", Fault("flat", 3), "2024-07-31", alarms=("the feed is flat",), same_bytes=True, seconds=2.5),
]


def test_nights_are_read_as_they_were_written(tmp_path):
    write_nights(tmp_path / "all", NIGHTS)
    for night in NIGHTS:
        add_night(tmp_path / "one by one", night)
    assert read_nights(tmp_path / "all") == read_nights(tmp_path / "one by one") == NIGHTS
    assert read_nights(tmp_path / "none") == []


def test_what_a_killed_year_was_writing_is_left_out(tmp_path):
    write_nights(tmp_path / "all", NIGHTS)
    with (tmp_path / "all").open("a") as file:
        file.write('{"number": 2, "da')
    assert read_nights(tmp_path / "all") == NIGHTS
