"""What stands before the service: limits, the Host header, the token, safe headers, and no traceback."""

import base64
import json
import logging

import pytest
from fastapi.testclient import TestClient

from artifacts.service.guard import LARGEST_HEADERS, LONGEST_URL, Guard, error_body, is_loopback

TOKEN = "correct-horse-battery"  # noqa: S105


@pytest.fixture
def notes():
    return []


@pytest.fixture
def guarded(notes):
    """`guarded(token, host)`: a client of an application behind the guard, which answers, breaks, or breaks halfway."""

    async def app(scope, receive, send):
        if scope["path"] == "/broken":
            raise ValueError("password=swordfish")
        kind = b"text/html" if scope["path"] == "/page" else b"application/json"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        if scope["path"] == "/halfway":
            raise ValueError("password=swordfish")
        await send({"type": "http.response.body", "body": b'"whole"'})

    def make(token=None, host="127.0.0.1"):
        guard = Guard(app, token, host, lambda *note: notes.append(note[:2]))
        return TestClient(guard, base_url="http://127.0.0.1:8420")

    return make


def error(answer):
    """The line of an error, which is JSON and one line."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.text.count("\n") == 1
    (line,) = answer.json().values()
    return line


def test_a_request_passes_and_gets_safe_headers(guarded, notes):
    answer = guarded().get("/")
    assert (answer.status_code, answer.json()) == (200, "whole")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "script-src 'self'" in guarded().get("/page").headers["content-security-policy"]
    assert notes[0] == ("refused", 200), "an application without routes"


def test_head_is_get_without_a_body(guarded):
    answer = guarded().head("/")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_it_only_reads(guarded, method):
    answer = guarded().request(method, "/")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert "only reads" in error(answer)


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (414, {"url": "/" + "x" * LONGEST_URL}),
        (414, {"url": "/?from=" + "x" * LONGEST_URL}),
        (431, {"url": "/", "headers": {"x-much": "x" * LARGEST_HEADERS}}),
        (413, {"url": "/", "content": b"a body"}),
        (413, {"url": "/", "content": iter([b"a body ", b"in chunks"])}),
    ],
)
def test_what_is_too_large_is_refused(guarded, notes, status, asked):
    answer = guarded().request("GET", **asked)
    assert answer.status_code == status
    assert error(answer)
    assert notes == [("refused", status)]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8420", "localhost:8420", "LOCALHOST", "[::1]:8420", "[::1]"])
def test_this_machine_is_asked_by_its_names(guarded, host):
    assert guarded().get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8420", "127.0.0.1.evil.example", "", "[::2]", "192.168.1.5"]
)
def test_a_page_elsewhere_cannot_be_made_to_lead_here(guarded, host):
    answer = guarded().get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "does not name this machine" in error(answer)


def test_the_address_it_listens_at_is_a_name_too(guarded):
    assert guarded(host="127.0.0.5").get("/", headers={"host": "127.0.0.5:8420"}).status_code == 200


def basic(password, user="anybody"):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("given", [f"Bearer {TOKEN}", f"bearer  {TOKEN}", basic(TOKEN), basic(TOKEN, "")])
def test_the_token_opens_under_any_host(guarded, given):
    answer = guarded(TOKEN).get("/", headers={"authorization": given, "host": "forecasts.example"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", TOKEN, basic("wrong"), "Basic !!!", "Basic Zm9v",
     "Digest x", f"Bearer {TOKEN[:-1]}"],
)  # fmt: skip
def test_without_it_nothing_is_told(guarded, given):
    answer = guarded(TOKEN).get("/", headers={} if given is None else {"authorization": given})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "a token is needed" in error(answer)
    assert TOKEN not in answer.text


@pytest.mark.parametrize("path", ["/broken", "/halfway"])
def test_a_mistake_of_the_service_is_a_line_here_and_there(guarded, caplog, path):
    with caplog.at_level(logging.ERROR):
        answer = guarded().get(path)
    if path == "/broken":
        assert answer.status_code == 500
        assert "mistake of the service" in error(answer)
    assert "swordfish" not in answer.text + caplog.text
    (record,) = caplog.records
    assert record.getMessage().startswith(
        "wavecast: a request failed by a mistake of the service: ValueError at test_guard"
    )
    assert record.exc_info is None


@pytest.mark.parametrize(
    ("host", "is_one"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("::", False),
     ("192.168.1.5", False), ("example.org", False), ("localhost.evil", False)],
)  # fmt: skip
def test_loopback_is_this_machine_alone(host, is_one):
    assert is_loopback(host) is is_one


def test_an_error_is_one_line_of_json():
    assert json.loads(error_body("two\nlines")) == {"error": "two lines"}
