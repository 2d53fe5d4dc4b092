"""A file of the store that is read again when it is another one, and only then."""

import threading

import pytest

from artifacts.lifecycle.registry import Registry
from artifacts.service import watched
from artifacts.service.watched import OutOfOrder, Watched
from artifacts.store.store import Store
from rnn.errors import WavecastError


def counted(store, file="file"):
    """What is watched, and the list of what was read."""
    seen: list[bytes | None] = []

    def read(of):
        seen.append(of.read(file))
        return seen[-1]

    return Watched(store, file, read), seen


def test_a_local_file_is_read_once_and_again_as_soon_as_it_is_replaced(tmp_path):
    store = Store(str(tmp_path))
    one, seen = counted(store)
    assert [one.get(), one.get()] == [None, None]
    for content in (b"first", b"other", b"third"):
        assert one.is_current
        store.replace("file", content)
        assert not one.is_current
        assert [one.get(), one.get()] == [content, content]
    assert seen == [None, b"first", b"other", b"third"]


def test_a_distant_file_is_asked_for_once_in_a_while_and_read_when_its_digest_is_new(monkeypatch):
    store = Store("memory://watched-test")
    store.replace("file", b"first")
    one, seen = counted(store)
    now = [100.0]
    monkeypatch.setattr(watched.time, "monotonic", lambda: now[0])
    assert one.get() == b"first"
    store.replace("file", b"other")
    assert one.get() == b"first", "within the rest it is not asked again"
    for later in (1.5, 3.0):
        now[0] = 100.0 + later
        assert one.get() == b"other"
    assert seen == [b"first", b"other"]


def test_many_at_once_read_it_once(tmp_path):
    store = Store(str(tmp_path))
    store.replace("file", b"whole")
    one, seen = counted(store)
    threads = [threading.Thread(target=one.get) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [b"whole"]


def test_a_failure_is_told_and_tried_again_after_a_rest(tmp_path, monkeypatch):
    store = Store(str(tmp_path))
    store.replace("champion.json", b"damaged")
    one = Watched(store, "champion.json", lambda of: Registry(of).promotions())
    now = [100.0]
    monkeypatch.setattr(watched.time, "monotonic", lambda: now[0])
    for _ in range(2):
        with pytest.raises(WavecastError, match="is damaged"):
            one.get()
    (tmp_path / "champion.json").unlink()
    now[0] = 102.0
    assert one.get() == []


def test_an_error_of_a_file_system_is_told_without_its_text(tmp_path):
    def read(store):
        raise KeyError("s3://key:secret@bucket")

    with pytest.raises(OutOfOrder, match=r"/file cannot be read now \(KeyError\)$"):
        Watched(Store(str(tmp_path)), "file", read).get()
