"""The colours of methods on pages: those of the plots on a light page, lighter ones of the same hue on a dark one.

A page knows colours by slots (CSS classes c0, c1, …), so that one page has both themes.
"""

from colorsys import hls_to_rgb
from zlib import crc32

from artifacts.plots.figures import METHOD_COLOURS, METHOD_LINES, ROLES

DARK = {
    "article": "#F2843C",
    "untuned": "#E39AC4",
    "autoregressive": "#2CC295",
    "fully connected": "#4FA8E3",
    "linear": "#7CC7F2",
    "persistence": "#C79A6B",
    "seasonal naive": "#D6AB66",
    "ridge autoregression": "#A98BFF",
    "AutoARIMA": "#E39AC4",
    "AutoETS": "#F0B43C",
}
LIGHT = {**{method: METHOD_COLOURS[method] for method in DARK}, "linear": "#2E8FC7"}
"""`linear` is darker than in the plots, since a thin line of sky blue on white is hard to see."""


def slot(method: str) -> str:
    """The CSS class of a method's colour; an unknown name always gets the same one too."""
    names = list(LIGHT)
    name = ROLES.get(method, method)
    place = names.index(name) if name in names else crc32(name.encode()) % len(names)
    return f"c{place}"


GREENS = 12
"""Members of an ensemble that have a colour each."""

SHADES = {"light": (0.2, 0.28, 0.36), "dark": (0.52, 0.66, 0.8)}
"""The lightness of neighbouring members' greens, in turn, on a light and on a dark page."""


def member_slot(place: int) -> str:
    """The CSS class of the member at a `place` in the order of weights: a green of its own for the first GREENS."""
    return f"m{place % GREENS}"


def member_dashes(place: int) -> str:
    """The dashes of that member's line, three members alike and none beside another of the same dashes."""
    return ("", "dash", "dots", "dashdot")[place % 4]


def _green(place: int, shades: tuple[float, ...]) -> str:
    """From a yellow green over the ensemble's own to a blue green, as #rrggbb."""
    hue = (75 + 115 * place / (GREENS - 1)) / 360
    channels = hls_to_rgb(hue, shades[place % len(shades)], 0.85)
    return "#" + "".join(f"{round(255 * channel):02X}" for channel in channels)


def dashes(method: str) -> str:
    """The dashes of a method's line, as in the plots: '', 'dash', 'dots' or 'dashdot'."""
    return {"--": "dash", ":": "dots", "-.": "dashdot"}.get(METHOD_LINES.get(method, "-"), "")


def colours() -> list[tuple[str, str, str]]:
    """Every slot with its colour on a light and on a dark page."""
    methods = [(slot(method), LIGHT[method], DARK[method]) for method in LIGHT]
    greens = [tuple(_green(place, SHADES[page]) for page in ("light", "dark")) for place in range(GREENS)]
    return methods + [(member_slot(place), light, dark) for place, (light, dark) in enumerate(greens)]
