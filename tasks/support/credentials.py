"""Passwords in the settings of a flow: handed on by the environment, and refused where Prefect would keep them.

Prefect records the parameters of every run, and those of a deployment, as they are given.
"""

from typing import TypeVar

from pydantic import BaseModel

from rnn.errors import WavecastError
from rnn.readers.urls import has_secret, in_environment, redacted

URLS = ("data", "store", "sink")
"""The settings that may be URLs with a password."""

Settings = TypeVar("Settings", bound=BaseModel)


class PasswordInParameters(WavecastError):
    """A URL with a password stands where Prefect would record it."""


def with_references(settings: Settings) -> Settings:
    """The settings with references such as $WAVECAST_STORE_PASSWORD for what their URLs hold of credentials.

    This process has the variables then, and those that it starts. A URL without credentials stays as it is.
    """
    changed = {name: in_environment(url, f"WAVECAST_{name.upper()}") for name, url in _urls(settings).items()}
    changed = {name: url for name, url in changed.items() if url != getattr(settings, name)}
    return settings.model_copy(update=changed) if changed else settings


def refuse_passwords(settings: BaseModel) -> None:
    """Raise PasswordInParameters, which says how to do without, when a URL holds a password and no reference to one."""
    for name, url in _urls(settings).items():
        if has_secret(url):
            by_itself = "leave it out, and give the worker AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            by_name = (
                "name a variable of the worker's environment in its place, such as "
                "postgresql://me:$PGPASSWORD@host/sales, or give block:NAME, a Secret block with the URL"
            )
            raise PasswordInParameters(
                f"{name}: {redacted(url)} holds a password, which Prefect would keep as a parameter: "
                f"{by_itself if url.startswith('s3:') else by_name}"
            )


def _urls(settings: BaseModel) -> dict[str, str]:
    given = {name: getattr(settings, name, None) for name in URLS}
    return {name: url for name, url in given.items() if isinstance(url, str)}
