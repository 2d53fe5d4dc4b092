import json

from rnn.readers.summary import FileSummary

FOUND = FileSummary(
    "f.csv", "CSV", 9, ("t", "<b>"), "t", "<b>", "by its name", "as given", "every day", "1", "9", 9, 1, 0, {}
)


def test_it_tells_what_was_read_and_of_repairs_only_where_there_are_any():
    assert len(FOUND.sentences()) == 3
    assert "9 points from 1 to 9, every day." in FOUND.sentences()
    mended = FileSummary(**{**FOUND.plain(), "repairs": {"points filled:": 2}})
    assert mended.sentences()[-1] == "Mended, as asked: points filled: 2."


def test_it_is_plain_json_and_back():
    again = FileSummary(**json.loads(json.dumps(FOUND.plain())))
    assert again.sentences() == FOUND.sentences()
