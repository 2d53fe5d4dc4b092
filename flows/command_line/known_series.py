"""Fill settings that are not given with what the store knows of its series."""

from typing import TypeVar

from artifacts.lifecycle.identity import look_up
from rnn.errors import WavecastError
from rnn.experiment import AskedTask, Generated, Task, in_groups
from rnn.lifecycle.series_of_store import SeriesOfStore
from rnn.readers.options import Reading

S = TypeVar("S", bound=SeriesOfStore)


class NoFile(WavecastError):
    """A file is needed, and neither given nor known."""


def with_known_series(settings: S, store: str | None = None) -> S:
    """The settings with the file of their store, and the way to read it, where they name none; nothing is written.

    `store`: where the settings themselves do not say which one.
    Without a file, given or known, the series is the generated one. Raises NoFile where settings are about a file that
    nobody knows, or that can only be read with a password.
    """
    said = {name: getattr(settings, name) for name in settings.model_fields_set if getattr(settings, name) is not None}
    identity = look_up(store or str(getattr(settings, "store", "")))
    if identity is not None and identity.named and settings.unique_id is None:
        said["unique_id"] = identity.unique_id
        settings = type(settings).model_validate(said)
    asks_generated = any(getattr(settings, name) != field.default for name, field in Generated.model_fields.items())
    if settings.data is None and not asks_generated and identity is not None and identity.source is not None:
        known = identity.readable_source
        if known is None:
            raise NoFile(
                f"the store's series was read from {identity.file}, which cannot be read again as it is noted: name it "
                "with --data"
            )
        return type(settings).model_validate({**known, **said})
    reading = next((name for name in Reading.model_fields if getattr(settings, name) != _default(name)), None)
    if settings.data is None and reading is not None:
        raise NoFile(f"--{reading.replace('_', '-')} is for a file: give --data too")
    if settings.data is None and isinstance(settings, AskedTask):
        missing = {name: value for name, value in Task().model_dump().items() if getattr(settings, name) is None}
        if isinstance(settings.horizon, str):
            missing["horizon"] = in_groups(settings.horizon)
        return type(settings).model_validate({**said, **missing}) if missing else settings
    return settings


def _default(name: str) -> object:
    return Reading.model_fields[name].default
