"""Name a store where many stores meet: in Prefect's artifacts, events, deployments and automations."""

import hashlib
import re
from pathlib import Path, PurePosixPath

from rnn.readers.urls import without_credentials

LONGEST = 40
"""Letters of a name that are kept: the digest behind it tells stores apart."""


def whole_url(url: str) -> str:
    """The store's path from the root of the file system, or its URL: the same from whichever folder one looks."""
    path = url.removeprefix("file://").removeprefix("local://")
    return url.rstrip("/") if "://" in path else str(Path(path).expanduser().absolute())


def slug(text: str) -> str:
    """Lower-case letters, digits and single hyphens, as Prefect's keys are."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST].strip("-")


def short_name(url: str) -> str:
    """The last part of the store's path, as a slug; other stores may have the same."""
    return slug(PurePosixPath(without_credentials(whole_url(url))).name) or "store"


def store_id(url: str) -> str:
    """A name that no other store has: `sales-runs-1f3a9c`, its short name and digits of its whole path or URL.

    The URL's passwords, and what stands in their place, are left out of both.
    """
    return f"{short_name(url)}-{hashlib.sha256(without_credentials(whole_url(url)).encode()).hexdigest()[:6]}"
