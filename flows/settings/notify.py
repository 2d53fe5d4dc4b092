"""The settings of notifications: who is told, about which store, and how mail is sent."""

from typing import Literal, Self

from pydantic import Field, model_validator

from flows.settings.base import StoreSettings


class NotifySettings(StoreSettings):
    """Who is told of a store. What opens a mailbox or a chat is taken from the environment, or is in the URL."""

    to: str | None = Field(
        None,
        min_length=1,
        description="The receiver: mail:ops@example.org, slack:URL or webhook:URL; 'slack' and 'webhook' alone take "
        "the URL from WAVECAST_NOTIFY_URL.",
    )
    smtp: str | None = Field(
        None, min_length=1, description="The mail server, HOST or HOST:PORT. By default WAVECAST_SMTP."
    )
    smtp_user: str | None = Field(
        None,
        min_length=1,
        description="The mail server's user. By default WAVECAST_SMTP_USER; the password is WAVECAST_SMTP_PASSWORD.",
    )
    smtp_security: Literal["starttls", "tls", "none"] | None = Field(
        None,
        description="Security of the mail connection. By default tls at port 465, none on this machine.",
    )
    sender: str | None = Field(
        None, min_length=3, description="The sender's address. By default the mail user's, or one made up."
    )
    list: bool = Field(False, description="List the receivers of all stores, and change nothing.")
    remove: bool = Field(False, description="Remove the receiver given by --to, or all of the store's receivers.")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.list and self.remove:
            raise ValueError("--list and --remove: give one of them")
        return self
