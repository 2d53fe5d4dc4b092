"""Files behind http, from servers on this machine, with and without what fsspec hopes for of them."""

import gzip
import re
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pandas as pd
import pytest

from flows.command_line.checks import check
from flows.settings.retrain import RetrainSettings
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file
from rnn.readers.tables import digest_of

DAYS = pd.date_range("2026-01-01", periods=300)
FRAME = pd.DataFrame({"day": DAYS, "amount": np.arange(300.0)})


class Plain(SimpleHTTPRequestHandler):
    """Python's own: it knows no ranges."""

    def log_message(self, *_) -> None:
        pass


class Ranges(Plain):
    """One that sends parts of a file, as most servers do."""

    def do_GET(self) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if asked is None:
            super().do_GET()
            return
        with open(self.translate_path(self.path), "rb") as file:  # noqa: PTH123
            content = file.read()
        first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(content[first : last + 1])

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()


class NoLength(Plain):
    """One that does not say how long its answer is, as pages that a program writes."""

    def do_GET(self) -> None:
        with open(self.translate_path(self.path.partition("?")[0]), "rb") as file:  # noqa: PTH123
            content = file.read()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content)

    def do_HEAD(self) -> None:
        self.send_response(405)
        self.end_headers()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("www")
    FRAME.to_csv(place / "sales.csv", index=False)
    FRAME.to_parquet(place / "sales.parquet")
    (place / "sales.csv.gz").write_bytes(gzip.compress((place / "sales.csv").read_bytes()))
    return place


@pytest.fixture(scope="module", params=[Plain, Ranges, NoLength])
def address(request, folder):
    with serving(request.param, folder) as place:
        yield place


@contextmanager
def serving(handler, folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["sales.csv", "sales.parquet", "sales.csv.gz", "sales.csv?token=secret&format=csv"])
def test_a_file_behind_http_is_read_whatever_the_server_knows(address, name):
    source = Source(data=f"{address}/{name}")
    series, calendar, found = read_series_file(source)
    assert series.y.tolist() == list(range(300)) and calendar is not None
    assert "secret" not in found.file
    assert digest_of(source) == digest_of(source)
    check(RetrainSettings(data=source.data))


def test_what_is_not_there_is_told_without_the_token(address):
    with pytest.raises(BadSource) as told:
        read_series_file(Source(data=f"{address}/absent.csv?token=secret"))
    assert "secret" not in str(told.value) and "\n" not in str(told.value)


def test_a_file_of_several_blocks_is_read_from_its_middle_too(address, folder):
    frame = pd.DataFrame({"t": np.arange(1_200_000), "v": np.random.default_rng(0).normal(size=1_200_000)})
    frame.to_parquet(folder / "long.parquet", compression=None)
    assert (folder / "long.parquet").stat().st_size > 3 * 5 * 2**20
    series, _, _ = read_series_file(Source(data=f"{address}/long.parquet"))
    assert np.array_equal(series.y, frame["v"])


def test_a_file_without_an_end_is_given_up(folder, monkeypatch):
    monkeypatch.setattr("rnn.readers.web_files.MOST_FETCHED", 1000)
    with serving(NoLength, folder) as address, pytest.raises(BadSource, match="in one piece: fetch it first"):
        read_series_file(Source(data=f"{address}/sales.csv"))


def test_a_server_that_is_not_there_is_told():
    with pytest.raises(BadSource, match=r"cannot be opened \(Cannot connect to host 127.0.0.1:1"):
        read_series_file(Source(data="http://127.0.0.1:1/sales.csv"))


def test_what_a_server_refuses_is_told_as_such(folder):
    class Refuses(Plain):
        def send_head(self):
            self.send_error(403)

    with serving(Refuses, folder) as address, pytest.raises(BadSource, match="the server answers 403 Forbidden"):
        read_series_file(Source(data=f"{address}/sales.csv"))
