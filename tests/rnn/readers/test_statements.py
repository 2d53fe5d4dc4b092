import pytest

from rnn.readers.statements import one_reading_statement


@pytest.mark.parametrize(
    "query",
    [
        "select day, amount from sales",
        "SELECT day FROM sales; ",
        "  -- the newest; really\n select 1",
        "(select 1) union (select 2)",
        "with t as (select 1) select * from t",
        "select 'a;b', \"c;d\", $$e;f$$, $tag$ g;$$h $tag$ from sales /* ; */",
        "select 'it''s; fine'",
        "values (1, 2)",
    ],
)
def test_one_statement_that_reads_is_right(query):
    assert one_reading_statement(query) is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("select 1; drop table sales", "more than one statement"),
        ("select 'a'; commit; drop table sales", "more than one statement"),
        ("drop table sales", "begins with 'drop'"),
        ("/* select */ delete from sales", "begins with 'delete'"),
        (" ; ", "is empty"),
        ("-- nothing", "is empty"),
    ],
)
def test_anything_else_is_told(query, words):
    assert words in (one_reading_statement(query) or "")
