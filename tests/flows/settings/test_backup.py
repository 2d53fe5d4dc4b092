"""The settings of backup and restore: what a typo may not do."""

import pytest
from pydantic import ValidationError

from flows.settings.backup import BackupSettings, RestoreSettings


def test_a_backup_makes_no_store_and_takes_the_schedules_along():
    assert not BackupSettings.makes_store
    assert BackupSettings().schedules == RestoreSettings().schedules == "also"


@pytest.mark.parametrize("model", [BackupSettings, RestoreSettings])
def test_schedules_are_one_of_few_words(model):
    with pytest.raises(ValidationError):
        model(schedules="yes")
