"""URLs that a Secret block of Prefect keeps: `--data block:sales` reads what the block `sales` names.

Prefect's own SqlAlchemyConnector belongs to prefect-sqlalchemy, another package with drivers of its own; a Secret block
is in Prefect itself, keeps any URL, and is encrypted in Prefect's database.
"""

import re
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from rnn.readers.options import Source
from rnn.readers.problems import BadSource, short
from rnn.readers.urls import BLOCK, in_environment

Settings = TypeVar("Settings", bound=BaseModel)


def without_block(source: Source) -> Source:
    """The source with the URL that its block keeps, whose password is left in the environment. Raises BadSource."""
    return source.model_copy(update={"data": url_in_block(source.data)}) if source.data else source


def without_blocks(settings: Settings) -> Settings:
    """Settings with the URLs that blocks keep for their data and sink, for what runs without Prefect. Raises BadSource.

    Where no server is running, one is started for the moment.
    """
    named = [name for name in ("data", "sink") if str(getattr(settings, name, None) or "").startswith(BLOCK)]
    if not named:
        return settings
    from tasks.support.embedded_server import embedded_server

    with embedded_server():
        return settings.model_copy(update={name: url_in_block(getattr(settings, name)) for name in named})


def url_in_block(name: str) -> str:
    """The URL in the Secret block that is named as block:NAME, with a reference to its password in its place.

    Any other URL or path as it is. Raises BadSource when there is no such block, or it keeps no URL.
    """
    if not name.startswith(BLOCK):
        return name
    from prefect.blocks.system import Secret

    block = name.removeprefix(BLOCK).removeprefix("secret/")
    advice = f"make one: from prefect.blocks.system import Secret; Secret(value=URL).save({block!r})"
    try:
        kept: Any = cast("Secret[Any]", Secret.load(block)).get()  # outside of a coroutine it waits for the answer
    except ValueError:
        raise BadSource(f"{short(name)}: Prefect has no Secret block {block!r}: {advice}") from None
    if not isinstance(kept, str) or "://" not in kept:
        raise BadSource(f"{short(name)}: the Secret block {block!r} keeps no URL: {advice}")
    return in_environment(kept, f"WAVECAST_BLOCK_{re.sub('[^A-Z0-9]', '_', block.upper())}")
