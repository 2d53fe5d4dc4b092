import pytest

from rnn.readers.encodings import likely_encodings, wrong_encoding


@pytest.mark.parametrize(
    ("line", "encoding"),
    [
        ("日期,销量", "gbk"),
        ("日付,売上", "shift_jis"),
        ("日期,銷量", "big5"),
        ("날짜,판매량", "euc_kr"),
        ("Дата;Продажи", "cp1251"),
    ],
)
def test_the_encoding_is_among_those_that_are_offered_and_is_shown(line, encoding):
    found = likely_encodings(f"{line}\n2024-01-01,5\n".encode(encoding))
    assert found[encoding] == line


@pytest.mark.parametrize("line", ["Verkäufe,größe", "prévision,été", "año;niño", "plain", "Größenwahn;Übermut"])
def test_latin_letters_are_taken_for_no_others(line):
    assert likely_encodings(f"{line}\n2024-01-01,5\n".encode("latin-1")) == {}


def test_one_that_fits_alone_is_a_cure():
    told = wrong_encoding("it.csv", "utf-8", 1, "日期,销量\n".encode("gbk"))
    assert "it reads '日期,销量' in gbk" in str(told)
    assert told.cure == {"encoding": "gbk"}


def test_several_are_left_to_the_user():
    told = wrong_encoding("it.csv", "utf-8", 1, ("日期,城市,销量\n" + "2024-01-01,北京,5\n" * 9).encode("gbk"))
    assert "--encoding gbk or euc_kr" in str(told)
    assert told.cure == {}


def test_what_the_user_or_a_mark_says_is_told_as_wrong():
    assert "mend --encoding" in str(wrong_encoding("it.csv", "cp1251", 3))
    assert "UTF-16" in str(wrong_encoding("it.csv", "utf-16", 3))
    assert "--encoding latin-1" in str(wrong_encoding("it.csv", "utf-8", 3))
