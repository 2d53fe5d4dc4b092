import pytest
from pydantic import ValidationError

from rnn.readers.options import Source


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
