from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from rnn.written_as import DAYS, POINTS_OR_TIME, TIME

FORMS = {"days": (DAYS, ("90d", "2 w")), "time": (TIME, ("5min", "36h")), "points": (POINTS_OR_TIME, ("0", "3", "7d"))}


@pytest.mark.parametrize("name", FORMS)
def test_what_is_written_so_is_taken_as_it_is(name):
    form, good = FORMS[name]
    for text in good:
        assert TypeAdapter(Annotated[str, form]).validate_python(text) == text


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("text", ["", "d", "-3d", "3x", "3d\n", "yesterday"])
def test_of_anything_else_it_is_told_what_it_should_be(name, text):
    with pytest.raises(ValidationError, match="such as"):
        TypeAdapter(Annotated[str, FORMS[name][0]]).validate_python(text)
