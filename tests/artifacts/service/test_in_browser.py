"""The service in a real browser: the gallery and the page of what can be asked, as strict as they are."""

import os
import shutil
import sys

import pytest

from artifacts.gallery.build import build
from artifacts.lifecycle.latest import renew_latest
from artifacts.lifecycle.registry import Registry
from artifacts.store.store import Store
from tests.processes import eventually, free_port, process

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: `apt-get install chromium` lets them run")
RUN = "20260101T000000Z-aaaaaa"
TOKEN = "correct-horse-battery"  # noqa: S105
PATIENCE = 120_000
"""Milliseconds until what a page should show is called missing on a slow machine."""


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    """A store with one champion, its forecast and the gallery."""
    put_retraining(tmp_path / "runs", RUN, 0, 100)
    store = Store(str(tmp_path / "runs"))
    Registry(store).promote(RUN, "autoregressive", "gate", "It is better.", None)
    renew_latest(store)
    build(store)
    return store


@pytest.fixture
def address(store, tmp_path):
    """Where that store is served, to whoever has the token."""
    port, log = free_port(), tmp_path / "serve.log"
    command = (sys.executable, "-m", "flows.cli", "serve", "--store", store.url, "--port", str(port))
    with process(log, {**os.environ, "WAVECAST_TOKEN": TOKEN}, *command):
        eventually(lambda: "Ctrl-C ends it" in log.read_text(), "the service")
        yield f"http://127.0.0.1:{port}"


def test_the_gallery_and_the_page_of_what_can_be_asked(address):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    wrong, asked = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=PATIENCE)
        context = browser.new_context(http_credentials={"username": "anybody", "password": TOKEN})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", lambda told: wrong.append(told.text) if told.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))

        assert page.goto(f"{address}/").status == 200
        assert page.locator("h1").count() == 1
        page.locator(".theme").click()  # the page's own script is allowed
        assert page.evaluate("document.documentElement.dataset.theme") in {"light", "dark"}
        page.goto(f"{address}/gallery/compare.html")
        assert page.locator("h1").inner_text() == "Runs beside each other"

        page.goto(f"{address}/docs")
        assert page.locator("h2").all_inner_texts() == ["/forecast", "/champion", "/history", "/health", "/metrics"]
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == []
        if shots := os.environ.get("WAVECAST_SHOTS"):  # to be looked at
            page.screenshot(path=f"{shots}/docs.png", full_page=True)
            page.goto(f"{address}/")
            page.screenshot(path=f"{shots}/gallery.png")
            page.goto(f"{address}/docs")
        assert wrong == []

        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
        assert page.evaluate("window.ran") is None, "another inline script is not"
        page.locator("h2 a", has_text="/champion").click()
        page.wait_for_url("**/champion")
        assert RUN in page.inner_text("body")
        browser.close()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
