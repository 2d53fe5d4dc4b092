"""The monitor's settings: the source's, and the cycle."""

import pytest
from pydantic import ValidationError

from flows.settings.monitor import MonitorSettings
from rnn.readers.options import Source


def test_no_settings_at_all_are_fine():
    assert MonitorSettings().data is None
    assert MonitorSettings().cycle == 1


def test_the_source_is_what_was_given():
    given = MonitorSettings(data="a.csv", value_column="y")
    assert given.source == Source(data="a.csv", value_column="y")


@pytest.mark.parametrize("wrong", [{"cycle": 0}, {"horizon": 3}, {"store": ""}])
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValidationError):
        MonitorSettings(**wrong)
