"""The settings of notifications: who is told, about which store, and how mail is sent."""

from typing import Literal, Self

from pydantic import Field, model_validator

from flows.settings.base import StoreSettings


class NotifySettings(StoreSettings):
    """Who is told of a store. What opens a mailbox or a chat is taken from the environment, or is in the URL."""

    to: str | None = Field(
        None,
        min_length=1,
        description="Who is told: mail:ops@example.org, slack:URL or webhook:URL; 'slack' and 'webhook' alone take the "
        "URL from WAVECAST_NOTIFY_URL.",
    )
    smtp: str | None = Field(
        None, min_length=1, description="The mail server, HOST or HOST:PORT; without it WAVECAST_SMTP says which."
    )
    smtp_user: str | None = Field(
        None,
        min_length=1,
        description="Who sends mail there, without it WAVECAST_SMTP_USER; the password is WAVECAST_SMTP_PASSWORD.",
    )
    smtp_security: Literal["starttls", "tls", "none"] | None = Field(
        None, description="How the mail server is spoken to; without it tls at port 465, none on this machine."
    )
    sender: str | None = Field(
        None, min_length=3, description="The sender's address; without it the user's, or made up."
    )
    list: bool = Field(False, description="List who is told of which store, and change nothing.")
    remove: bool = Field(False, description="Tell them no longer: the one given by --to, or everybody.")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.list and self.remove:
            raise ValueError("--list and --remove: give one of them")
        return self
