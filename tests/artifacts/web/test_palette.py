from itertools import combinations

import pytest

from artifacts.plots.figures import COLOURS
from artifacts.web.palette import DARK, GREENS, LIGHT, colours, dashes, member_dashes, member_slot, slot

LIGHT_PAPER, DARK_PAPER = "#ffffff", "#101316"


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_every_method_of_the_plots_has_its_colour_here():
    for method, colour in COLOURS.items():
        _, light, _ = next(each for each in colours() if each[0] == slot(method))
        assert light.lower() == colour.lower() or method == "linear"


@pytest.mark.parametrize("method", sorted(set(LIGHT) - {"AutoETS"}))
def test_lines_stand_out_from_the_paper_in_both_themes(method):
    assert contrast(LIGHT[method], LIGHT_PAPER) > 2.9
    assert contrast(DARK[method], DARK_PAPER) > 4.5


def test_a_method_that_is_not_known_has_the_same_colour_every_time():
    assert slot("somebody's own") == slot("somebody's own")
    assert slot("<script>") in {name for name, *_ in colours()}


def test_lines_are_dashed_as_in_the_plots():
    assert [dashes(method) for method in ("article", "persistence", "linear", "fully connected")] == [
        "", "dots", "dashdot", "dash",
    ]  # fmt: skip


def test_the_members_of_an_ensemble_are_told_apart_by_colour_or_dashes():
    looks = {place: next(each for each in colours() if each[0] == member_slot(place))[1:] for place in range(GREENS)}
    for one, other in combinations(range(GREENS), 2):
        for page in (0, 1):
            channels = ([int(looks[place][page][i : i + 2], 16) for i in (1, 3, 5)] for place in (one, other))
            distance = sum((a - b) ** 2 for a, b in zip(*channels, strict=True)) ** 0.5
            assert distance > 12, (one, other, page)
            assert distance > 40 or member_dashes(one) != member_dashes(other), (one, other, page)
    for light, dark in looks.values():
        assert contrast(light, LIGHT_PAPER) > 2.9
        assert contrast(dark, DARK_PAPER) > 4.5
