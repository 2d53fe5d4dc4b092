"""Reach the Prefect server that stays, which deployments, automations and notifications need."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from prefect import get_client
from prefect.client.orchestration import SyncPrefectClient
from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings

from rnn.errors import WavecastError

USUAL = "http://127.0.0.1:4200/api"
"""Where `make server` listens unless PREFECT_API_URL says otherwise."""


class ServerAway(WavecastError):
    """No Prefect server answers, or it refuses."""


@contextmanager
def staying_server() -> Iterator[SyncPrefectClient]:
    """A client of the server at PREFECT_API_URL, or where it usually is. Raises ServerAway, also when it goes away."""
    url = get_current_settings().api.url or USUAL
    away = f"no Prefect server answers at {url}: start one (make server), or set PREFECT_API_URL"
    with temporary_settings({PREFECT_API_URL: url}), get_client(sync_client=True) as client:
        if client.api_healthcheck() is not None:
            raise ServerAway(away)
        try:
            yield client
        except httpx.TransportError:
            raise ServerAway(away) from None
        except httpx.HTTPStatusError as error:
            raise ServerAway(_refusal(url, error)) from None


def _refusal(url: str, error: httpx.HTTPStatusError) -> str:
    if error.response.status_code == httpx.codes.UNAUTHORIZED:
        return f"the Prefect server at {url} wants to know who you are: set PREFECT_API_AUTH_STRING as for the server"
    return f"the Prefect server at {url} refuses: {_reason(error)}"


def _reason(error: httpx.HTTPStatusError) -> str:
    """What the server says is wrong, in one line."""
    try:
        detail = error.response.json()
    except ValueError:
        detail = error.response.text
    said = detail.get("detail", detail) if isinstance(detail, dict) else detail
    return " ".join(str(said).split())[:300] or f"status {error.response.status_code}"
