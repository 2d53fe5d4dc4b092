"""The settings of the service: which store, where it listens, and who may ask."""

from typing import ClassVar

from pydantic import Field

from flows.settings.base import FeedSettings, StoreSettings


class ServeSettings(StoreSettings, FeedSettings):
    """Which store is served, and where. The token is no flag: a command line can be read by every process."""

    makes_store: ClassVar[bool] = False
    interrupted: ClassVar[str] = "no longer serving"

    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="The address to listen at. Beyond this machine (0.0.0.0, say) a token is needed.",
    )
    port: int = Field(8420, ge=0, le=65535, description="The port to listen at; 0 for any that is free.")
    token_file: str | None = Field(
        None,
        min_length=1,
        description="A file with the token that every request must have. By default the variable WAVECAST_TOKEN.",
    )
