"""The settings of notifications: one thing at a time."""

import pytest
from pydantic import ValidationError

from flows.settings.notify import NotifySettings


def test_listing_and_removing_exclude_each_other():
    with pytest.raises(ValidationError, match="--list and --remove: give one of them"):
        NotifySettings(list=True, remove=True)


def test_no_setting_takes_a_password():
    assert not [name for name in NotifySettings.model_fields if "password" in name]
