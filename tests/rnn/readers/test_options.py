import pytest
from pydantic import ValidationError

from rnn.readers.options import Source
from rnn.recipes import BadSetting, recipe_of


def test_nothing_is_mended_by_default():
    assert (Source().repair, Source().fill_gaps) == ((), 0)


def test_json_has_no_passwords_and_python_does():
    source = Source(data="https://me:secret@host/a.csv?sig=hidden")
    assert source.model_dump(mode="json")["data"] == "https://…@host/a.csv?…"
    assert "secret" not in source.model_dump_json()
    assert source.model_dump()["data"] == "https://me:secret@host/a.csv?sig=hidden"
    assert Source().model_dump(mode="json")["data"] is None


@pytest.mark.parametrize("zone", ["Berlin", "../etc/passwd", "/etc/localtime", "Europe/"])
def test_a_zone_must_be_one(zone):
    with pytest.raises(ValidationError, match="must be a time zone"):
        Source(time_zone=zone)


def test_a_zone_that_is_one_is_kept():
    assert Source(time_zone="Europe/Berlin").time_zone == "Europe/Berlin"


def test_one_time_column_is_plain_text_as_ever_and_two_are_a_list():
    for given in ("day", ("day",), ["day"]):
        source = Source(time_column=given)
        assert source.time_column == ("day",)
        assert source.model_dump(mode="json")["time_column"] == "day"
    two = Source(time_column=("date", "time"))
    assert two.model_dump(mode="json")["time_column"] == ["date", "time"]
    assert Source.model_validate_json(two.model_dump_json()) == two
    assert Source(time_column=None).model_dump()["time_column"] is None


def test_a_configuration_of_before_is_still_read():
    before = {"data": "a.csv", "time_column": None, "value_column": "v", "time_zone": None, "time_format": None,
              "repair": ["sort"], "fill_gaps": 2}  # fmt: skip
    assert Source.model_validate(before).value_column == "v"


@pytest.mark.parametrize("where", ["store", "=A", ""])
def test_a_condition_names_a_column_and_its_content(where):
    with pytest.raises(ValidationError, match="column=value"):
        Source(where=(where,))
    assert Source(where=("a=b=c", "d=")).conditions == {"a": "b=c", "d": ""}


@pytest.mark.parametrize("encoding", ["latin", "base64", "no such", "rot13", "zlib"])
def test_an_encoding_must_make_text(encoding):
    if encoding == "latin":
        assert Source(encoding=encoding).encoding == "iso8859-1"
    else:
        with pytest.raises(ValidationError, match="encoding of text"):
            Source(encoding=encoding)


@pytest.mark.parametrize("bound", ["lower", "upper"])
@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_bound_is_a_finite_number_which_json_has(bound, value):
    with pytest.raises(ValidationError, match="must be a finite number"):
        Source(**{bound: float(value)})


def test_a_mistake_in_two_settings_is_their_sentence_alone():
    with pytest.raises(BadSetting) as told:
        recipe_of(Source, {"lower": 5, "upper": 3})
    assert str(told.value) == "--lower 5 is not below --upper 3"
