"""Render the API's reference page from its OpenAPI description. The page loads nothing from elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from artifacts.web.pages import render

LEFT_OUT = {"422"}
"""A status that FastAPI describes and that no parameter here can cause."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address, and what it means."""

    name: str
    text: str


@dataclass(frozen=True)
class Operation:
    """An address, what it answers, its parameters, and what each status means."""

    path: str
    text: str
    parameters: tuple[Parameter, ...]
    statuses: tuple[tuple[str, str], ...]


def reference_page(openapi: Mapping[str, Any]) -> str:
    """The page as HTML."""
    about, info = list(operations(openapi)), openapi["info"]
    return render("service.html.j2", operations=about, version=info["version"], about=info["description"])


def operations(openapi: Mapping[str, Any]) -> Iterator[Operation]:
    """What can be asked, by the OpenAPI description."""
    for path, methods in openapi["paths"].items():
        for said in methods.values():
            told = said.get("parameters", [])
            statuses = {code: facts["description"] for code, facts in said["responses"].items() if code not in LEFT_OUT}
            yield Operation(
                path,
                str(said.get("description", "")),
                tuple(Parameter(each["name"], each.get("description", "")) for each in told),
                tuple(statuses.items()),
            )
