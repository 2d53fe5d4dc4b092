import io

import pytest

from rnn.readers.csv_dialect import dialect
from rnn.readers.options import Source
from rnn.readers.problems import BadSource


def of(text: str | bytes, rows: int = 5):
    return dialect("file", io.BytesIO(text if isinstance(text, bytes) else text.encode()), rows)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separator_encoding_and_header_are_found(separator, encoding):
    found = of(f"größe{separator}b\r\n1{separator}2\r\n".encode(encoding))
    assert (found.separator, found.encoding, found.columns) == (separator, encoding, ("größe", "b"))
    assert found.rows == (("1", "2"),)


def test_a_comma_in_quotes_separates_nothing():
    assert of('time;"a, b; c"\n1;2\n').columns == ("time", "a, b; c")


def test_decimal_commas():
    assert of("a;b\n1;2,5\n").decimal == ","
    assert of("a;b\n1;2.5\n").decimal == "."
    assert of('a,b\n1,"2,5"\n').decimal == ","
    assert of('a,b\n1,"x, 5"\n').decimal == "."


def test_the_header_may_stand_below_empty_lines():
    found = of("\n\na,b\n1,2\n")
    assert (found.header, found.columns) == (3, ("a", "b"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"1,2\n3,4\n", "names of the columns"),
        (b"2024-01-01,2\n", "names of the columns"),
        (b"a,a\n1,2\n", "two columns are called 'a'"),
        (b"a\n1\n", "only one column"),
        (b"a,b\n1,\xe9\n", "line 2 is not written in UTF-8"),
        (b"PK\x03\x04", "Excel"),
        (b"a\x00,\x00", "zero bytes"),
    ],
)
def test_what_is_no_csv_file_is_refused(content, words):
    with pytest.raises(BadSource, match=words):
        of(content)


def test_what_is_skipped_and_what_excel_says_of_the_separator():
    skipping = Source(skip_rows=2)
    found = dialect("file", io.BytesIO(b"title\n\na,b\n1,2\n"), 5, skipping)
    assert (found.header, found.skipped, found.columns) == (3, 2, ("a", "b"))
    found = of("sep=|\na|b,c\n1|2\n")
    assert (found.separator, found.header, found.skipped) == ("|", 2, 1)


def test_a_title_is_told_with_the_setting_that_cures_it():
    with pytest.raises(BadSource, match=r"line 1 .'Sales'. does not name the columns, line 2 does") as refusal:
        of("Sales\nday,v\n2024-01-01,5\n")
    assert refusal.value.cure == {"skip_rows": 1}


def test_an_encoding_is_as_the_user_says():
    found = dialect("file", io.BytesIO("größe,b\n1,2\n".encode("latin-1")), 5, Source(encoding="latin-1"))
    assert (found.encoding, found.columns[0]) == ("iso8859-1", "größe")
