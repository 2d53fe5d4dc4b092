from rnn.readers.problems import Problem, Problems, one_line, sentences, short


def places(records):
    return {record: f"row {record + 1}" for record in records}


def test_of_each_kind_and_column_the_first_is_kept_and_all_are_counted():
    problems = Problems()
    for record in (4, 7, 9):
        problems.add(Problem("missing", "no value", 1, record, "y", "complete it"))
    problems.add(Problem("missing", "no time", 2, 5, "t", "complete it"))
    assert bool(problems)
    assert sentences(problems.found, places) == [
        "row 5, column 'y': no value, and 2 more like it", "row 6, column 't': no time, and 1 more like it",
    ]  # fmt: skip


def test_the_line_names_each_remedy_once_and_is_one():
    found = [Problem("a", "bad\nthing", 1, 0, "y", "mend it"), Problem("b", "worse", 1, None, None, "mend it")]
    assert one_line("file", found, places) == "file: row 1, column 'y': bad thing; worse: mend it"


def test_a_users_text_is_short_and_harmless():
    assert short("a\x1b[31m\nb") == "a·[31m·b"
    assert len(short("x" * 99)) == 40
