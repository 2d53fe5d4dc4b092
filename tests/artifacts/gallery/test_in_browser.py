"""The pages in a real browser, opened as files: what people do with them, and that nothing leaves the machine."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from artifacts.gallery.build import build
from artifacts.store.store import Store

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: `apt-get install chromium` lets them run")

PATIENCE = 120_000
"""Milliseconds until what a page should show is called missing on a slow machine."""
expect.set_options(timeout=PATIENCE)

FIRST, SECOND = "20260301T000000Z-aaaaaa", "20260302T120000Z-bbbbbb"
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=PATIENCE)
        yield chromium
        chromium.close()


class Visit:
    """A page with a record of what must not happen: errors, dialogs, and requests of anything but files."""

    def __init__(self, browser, **options) -> None:
        self.page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page.set_default_timeout(PATIENCE)
        self.wrong: list[str] = []
        self.page.on(
            "console", lambda told: self.wrong.append(told.text) if told.type in {"error", "warning"} else None
        )
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.wrong.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda asked: self.wrong.append(asked.url) if not _is_here(asked.url) else None)

    def open(self, path: Path, after: str = ""):
        self.page.goto(path.as_uri() + after)
        return self.page


def _is_here(url: str) -> bool:
    return url.startswith(("file:", "data:"))


@pytest.fixture
def visit(browser) -> Iterator[Visit]:
    """A visit that ends well: nothing went wrong and nothing left."""
    made = Visit(browser)
    yield made
    made.page.close()
    assert made.wrong == []


def comparable(gallery: Path) -> list[str]:
    return sorted(path.stem for path in (gallery / "gallery" / "data").iterdir())


def pages(gallery: Path) -> dict[str, tuple[Path, str]]:
    return {
        "index": (gallery / "index.html", ""),
        "report": (gallery / FIRST / "report.html", ""),
        "anatomy": (gallery / FIRST / "anatomy.html", ""),
        "moved": (gallery / "gallery" / "moved" / f"{SECOND}-after-{FIRST}.html", ""),
        "compare": (gallery / "gallery" / "compare.html", "#" + ",".join(comparable(gallery))),
    }


EVERY = ("index", "report", "anatomy", "moved", "compare")


def serious(page) -> dict[str, list[str]]:
    """What axe finds serious on a page, all of whose details are open."""
    from axe_playwright_python.sync_playwright import Axe

    for details in page.query_selector_all("details"):
        details.evaluate("element => { element.open = true; }")
    found = Axe().run(page).response["violations"]
    return {
        each["id"]: [node["html"][:200] for node in each["nodes"]][:3]
        for each in found
        if each["impact"] in {"serious", "critical"}
    }


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", EVERY)
def test_a_page_is_accessible_in_both_themes(gallery, browser, name, theme):
    visit = Visit(browser, color_scheme=theme)
    page = visit.open(*pages(gallery)[name])
    page.wait_for_timeout(200)
    found = serious(page)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.close()
    assert found == {}
    assert visit.wrong == []
    assert (background == "rgb(255, 255, 255)") == (theme == "light")


@pytest.mark.parametrize("width", [360, 820, 1800])
@pytest.mark.parametrize("name", EVERY)
def test_a_page_fits_phones_and_wide_screens(gallery, browser, name, width):
    visit = Visit(browser, viewport={"width": width, "height": 800})
    page = visit.open(*pages(gallery)[name])
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def shown(page) -> list[str]:
    """The runs of the table, in their order."""
    return [re.search(r"\d{8}T\d{6}Z-\w+", text)[0] for text in page.locator(".runs tbody tr").all_inner_texts()]


def test_the_table_is_newest_first_and_sorts_by_a_click(gallery, visit):
    page = visit.open(gallery / "index.html")
    poor = "20260202T000000Z-poor"
    assert shown(page) == [SECOND, FIRST, poor]
    head = page.locator("th[data-sort='q']")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert shown(page)[-1] == poor
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert shown(page)[0] == poor


def test_the_table_is_filtered_by_words_and_by_choice(gallery, visit):
    page = visit.open(gallery / "index.html")
    page.get_by_label("Search").fill("bold seed")
    assert shown(page) == [SECOND]
    assert page.locator(".count").inner_text() == "1 of 3 runs"
    page.get_by_label("Search").fill("")
    page.get_by_label("Outcome").select_option("no better than naive")
    assert shown(page) == ["20260202T000000Z-poor"]
    page.get_by_label("Outcome").select_option("")
    page.get_by_label("Data").select_option("<b>bold.csv")
    assert shown(page) == [SECOND]


def test_a_run_is_opened_from_the_table(gallery, visit):
    page = visit.open(gallery / "index.html")
    page.locator(".runs tbody tr").nth(1).get_by_role("link").click()
    page.wait_for_url("**/report.html")
    assert FIRST in page.locator(".eyebrow").inner_text()
    page.get_by_role("link", name="their anatomy").click()
    page.wait_for_url("**/anatomy.html")
    assert page.locator("h1").inner_text() == "What the networks do inside"


@pytest.mark.parametrize("theme", THEMES)
def test_a_retrainings_anatomy_is_opened_from_its_page_and_is_accessible(retrained, browser, theme):
    visit = Visit(browser, color_scheme=theme)
    page = visit.open(retrained / "index.html")
    page.locator(".runs tbody tr").get_by_role("link").click()
    page.wait_for_url("**/report.html")
    page.get_by_role("navigation").get_by_role("link", name="Anatomy").click()
    page.wait_for_url("**/anatomy.html")
    assert page.get_by_role("heading", name="Inside the challenger").is_visible()
    assert "this run trained, was promoted" in page.locator("main").inner_text()
    assert serious(page) == {}
    for width in (360, 1800):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="The run").click()
    page.wait_for_url("**/report.html")
    page.close()
    assert visit.wrong == []


def test_why_the_forecast_moved_is_opened_from_the_front_page_and_leads_back(gallery, visit):
    page = visit.open(gallery / "index.html")
    page.get_by_role("link", name="Why it moved").click()
    page.wait_for_url("**/moved/*.html")
    assert page.locator("h1").inner_text() == "Why the forecast moved"
    page.get_by_role("link", name=FIRST).click()
    page.wait_for_url(f"**/{FIRST}/report.html")
    page.go_back()
    page.get_by_role("link", name="All changes").click()
    page.wait_for_url("**/index.html#moved")


def test_names_with_html_in_them_are_text(gallery, visit):
    page = visit.open(gallery / "index.html")
    assert "<img src=x onerror=alert(1)>" in page.locator(".problems").inner_text()
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("main b", has_text=re.compile("^bold$")).count() == 0
    assert "it was written by a newer Wavecast" in page.locator(".problems").inner_text()


def test_the_scrubber_moves_through_the_epochs(gallery, visit):
    page = visit.open(gallery / FIRST / "report.html")
    scrubber = page.locator(".scrubber").first
    slider, line = (
        scrubber.get_by_role("slider", name=re.compile("Epoch")),
        scrubber.locator('.line[data-line="1"]').first,
    )
    last = line.get_attribute("d")
    assert "epoch 9" in scrubber.locator("output").inner_text()
    slider.focus()
    page.keyboard.press("Home")
    assert "epoch 1 " in scrubber.locator("output").inner_text()
    assert "epoch 1," in slider.get_attribute("aria-valuetext")
    first = line.get_attribute("d")
    assert first != last
    page.keyboard.press("ArrowRight")
    assert "epoch 2 " in scrubber.locator("output").inner_text()
    scrubber.get_by_role("button", name=re.compile("Play")).click()
    expect(page.locator(".scrubber output").first).to_contain_text("epoch 9")
    assert line.get_attribute("d") == last


def test_values_are_read_off_by_pointer_and_by_keys(gallery, visit):
    page = visit.open(gallery / FIRST / "report.html")
    plot = page.locator(".plot").first
    plot.focus()
    page.keyboard.press("End")
    told = plot.get_attribute("aria-valuetext")
    assert "truth" in told
    assert "autoregressive" in told
    assert re.search(r"\[\S+, \S+\]", told), "the intervals of the main method"
    # Focus scrolls smoothly to the plot: hover waits until it rests, the next line until the event is handled.
    plot.hover(position={"x": 5, "y": 20})
    expect(page.locator(".key.data b").first).not_to_be_empty()
    key = page.locator(".key", has_text="persistence").first
    line = page.locator(f'.line[data-line="{key.get_attribute("data-line")}"]').first
    key.click()
    assert key.get_attribute("aria-pressed") == "false"
    assert not line.is_visible()


def test_the_intervals_of_another_method_can_be_chosen(gallery, visit):
    page = visit.open(gallery / FIRST / "report.html")
    figure = page.locator("figure.chart").first
    figure.locator("select").select_option("article")
    assert {band.get_attribute("data-band") for band in figure.locator(".band:not([hidden])").all()} == {"article"}


def test_two_runs_are_compared(gallery, visit):
    page = visit.open(gallery / "index.html")
    for name in (FIRST, SECOND):
        page.get_by_label(f"Compare {name}").check()
    page.locator(".tray").get_by_role("link", name="Compare").click()
    page.wait_for_selector("#over .line[data-line='3']", state="attached")
    expect(page.locator("#chosen li")).to_have_count(2)
    differing = page.locator("#settings tr.differs th").all_inner_texts()
    assert [name.split()[0] for name in differing] == ["seed", "data"]
    assert page.locator("#equal th", has_text="article.lr").count() == 1
    assert "RMSE" in page.locator("#compared").inner_text()
    page.get_by_label("Method").select_option("persistence")
    assert page.locator("#compared tr", has_text="method").locator("td").all_inner_texts() == ["persistence"] * 2
    page.get_by_role("button", name=f"Remove {FIRST}").click()
    expect(page.locator("#chosen li")).to_have_count(1)
    assert not page.locator("#forecasts").is_visible()


def test_runs_about_different_series_are_not_drawn_over_each_other(gallery, visit, tmp_path):
    other = tmp_path / "gallery"
    shutil.copytree(gallery, other)
    first, second = comparable(other)[:2]
    script = other / "gallery" / "data" / f"{second}.js"
    held = script.read_text(encoding="utf-8")
    assert held.count('"series":"') == 1
    script.write_text(held.replace('"series":"', '"series":"another, '), encoding="utf-8")
    page = visit.open(other / "gallery" / "compare.html", f"#{first},{second}")
    page.wait_for_selector("#compared tr")
    expect(page.locator("#over")).to_contain_text("about different series")
    assert not page.locator("#over svg").count()
    assert page.locator("#compared tr:has(td.best) th").all_inner_texts() == ["× best naive"]


def test_a_run_that_has_nothing_to_compare_is_told(gallery, browser):
    visit = Visit(browser)
    page = visit.open(gallery / "gallery" / "compare.html", "#000000000000," + comparable(gallery)[0])
    page.wait_for_selector("#chosen li")
    expect(page.locator("#told")).to_contain_text("nothing to compare")
    page.close()


def test_the_theme_can_be_switched(gallery, visit):
    page = visit.open(gallery / "index.html")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_without_scripts_charts_and_runs_are_there(gallery, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((gallery / "index.html").as_uri())
    assert page.locator("noscript a").count() == 3
    assert page.locator(".plot .line").first.get_attribute("d")
    context.close()


def test_print_leaves_out_what_cannot_be_pressed_on_paper(gallery, visit):
    page = visit.open(gallery / "index.html")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".filters").is_visible()
    assert page.locator(".runs").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_many_runs_are_shown_a_page_at_a_time(tmp_path, fabricate, visit):
    for day in range(1, 121):
        fabricate(tmp_path / "runs" / f"2026{1 + day // 28:02}{1 + day % 28:02}T000000Z-{day:06}", ratio=day / 100)
    page = visit.open(Path(build(Store(str(tmp_path / "runs")))))
    assert page.locator(".runs tbody tr").count() == 50
    page.get_by_role("button", name="Older").click()
    page.get_by_role("button", name="Older").click()
    assert page.locator(".runs tbody tr").count() == 20
    assert page.get_by_role("button", name="Older").is_disabled()
    page.get_by_label("Outcome").select_option("no better than naive")
    assert page.locator(".count").inner_text() == "21 of 120 runs"


def test_what_gets_into_a_page_all_the_same_does_not_run_and_asks_no_network(gallery, browser, tmp_path):
    page = (gallery / "index.html").read_text()
    inside = "<script>document.title = 'taken'</script><img src='https://evil.example/pixel.png' onerror='alert(1)'>"
    (tmp_path / "index.html").write_text(page.replace("<h1>", f"{inside}<h1>", 1))
    made, asked = browser.new_page(), []
    made.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    made.on("response", lambda answer: asked.append(answer.url) if not _is_here(answer.url) else None)
    made.on("requestfailed", lambda request: asked.append(request.url) if "csp" not in str(request.failure) else None)
    made.goto((tmp_path / "index.html").as_uri())
    assert "taken" not in made.title()
    assert made.locator("table.runs tbody tr").count() > 0, "the page's own script has run"
    assert asked == []
    made.close()


def test_a_setting_that_a_flow_does_not_have_is_no_difference(gallery, visit):
    page = visit.open(gallery / "gallery" / "compare.html")
    rows = [["a", "a", None], ["a", None, "a"], [None, None, "a"], ["a", "b", None]]
    found = page.evaluate(
        "rows => rows.map(values => differ([{flow: 'retrain'}, {flow: 'retrain'}, {flow: 'serve'}], values))", rows
    )
    assert found == [False, True, False, True]


def test_names_on_the_compared_axis_lie_within_it_and_apart(gallery, visit):
    page = visit.open(gallery / "gallery" / "compare.html")
    named = "[...Array(30).keys()].map((day) => [day, `2026-01-${String(day + 1).padStart(2, '0')}`])"
    chosen = page.evaluate(f"named([3, 29, 0], new Map({named})).map(([x]) => x)")
    assert chosen[0] == 3
    assert 2 <= len(chosen) <= 4
    assert max(chosen) <= 29
