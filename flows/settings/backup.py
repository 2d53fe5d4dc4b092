"""The settings of a backup and of its way back."""

from typing import ClassVar, Literal

from pydantic import Field

from flows.settings.base import StoreSettings


class BackupSettings(StoreSettings):
    """Which store is put where."""

    makes_store: ClassVar[bool] = False

    to: str = Field(
        "backups",
        min_length=1,
        description="The archive, a path or URL that ends in .tar.zst; or a folder, where each gets a name of its own.",
    )
    schedules: Literal["also", "no"] = Field(
        "also", description="Whether the store's schedules on the Prefect server are put in."
    )


class RestoreSettings(StoreSettings):
    """Where a backup is put back, and what becomes of its schedules."""

    data: str | None = Field(
        None, min_length=1, description="The file that the schedules read from now on, if it is elsewhere than before."
    )
    schedules: Literal["also", "no", "only"] = Field(
        "also",
        description="Whether the schedules are put on the Prefect server: 'no' for a drill, 'only' for a store that is "
        "back already.",
    )
