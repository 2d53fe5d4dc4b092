"""Archives: what is packed comes back, and what is made to do harm does not come in."""

import io
import tarfile
from functools import partial

import pyarrow as pa
import pytest

from artifacts.store.archive import MOST_FILES, PIECE, SPARE, BadArchive, is_plain_name, members, packing


def packed(*given: tarfile.TarInfo, content: bytes = b"") -> bytes:
    """An archive as a stranger makes it: any members, each with as much of `content` as it says."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for one in given:
            tar.addfile(one, io.BytesIO(content) if one.isreg() else None)
    return pa.compress(file.getvalue(), "zstd", asbytes=True)


def member(name: str, **facts) -> tarfile.TarInfo:
    one = tarfile.TarInfo(name)
    for fact, value in facts.items():
        setattr(one, fact, value)
    return one


def read(archive: bytes) -> dict[str, bytes]:
    return {
        name: b"".join(iter(partial(content.read, PIECE), b""))
        for name, content in members(io.BytesIO(archive), len(archive))
    }


def test_what_is_packed_comes_back():
    given = {"run/manifest.json": b"{}", "run/" + "deep/" * 60 + "ü.txt": b"long", "empty": b"", "a": b"x" * 3 * PIECE}
    file = io.BytesIO()
    with packing(file) as archive:
        for name, content in given.items():
            archive.add_bytes(name, content)
    assert read(file.getvalue()) == given
    assert archive.files["empty"]["bytes"] == 0
    assert not file.closed


def test_a_content_may_be_left_unread():
    file = io.BytesIO()
    with packing(file) as archive:
        for name in "abc":
            archive.add_bytes(name, b"x" * 5000)
    assert [name for name, _ in members(io.BytesIO(file.getvalue()), 999)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "bad",
    [
        member("../outside"),
        member("run/../../outside"),
        member("/etc/passwd"),
        member("run//x"),
        member("./x"),
        member(".cache/x"),
        member("run/\x1b[2J"),
        member("run/\udc80"),
        member("link", type=tarfile.SYMTYPE, linkname="/etc"),
        member("link", type=tarfile.SYMTYPE, linkname="within"),
        member("hard", type=tarfile.LNKTYPE, linkname="/etc/passwd"),
        member("hard", type=tarfile.LNKTYPE, linkname="within"),
        member("pipe", type=tarfile.FIFOTYPE),
        member("device", type=tarfile.CHRTYPE, devmajor=1, devminor=5),
        member("folder", type=tarfile.DIRTYPE),
        member("sparse", pax_headers={"GNU.sparse.map": "0,0", "GNU.sparse.size": "99999999999"}),
        member("strange", type=b"Z"),
    ],
    ids=lambda one: f"{one.name!a} {one.type.decode()}",
)
def test_what_leads_elsewhere_is_refused(bad):
    with pytest.raises(BadArchive):
        read(packed(member("within"), bad))


@pytest.mark.parametrize("name", ["a", "run/models/x.npz", "run/.hidden", "Zürich ü.csv"])
def test_a_plain_name_is_one(name):
    assert is_plain_name(name)


def test_what_grows_beyond_measure_is_refused_before_it_is_unpacked():
    bomb = packed(member("zeros", size=2 * SPARE), content=bytes(2 * SPARE))
    assert len(bomb) < SPARE / 1000
    with pytest.raises(BadArchive, match="grow beyond"):
        for _, content in members(io.BytesIO(bomb), len(bomb)):
            while content.read(PIECE):
                pass


def test_a_header_that_asks_for_much_memory_is_refused():
    with pytest.raises(BadArchive, match="of memory at once"):
        read(packed(member("x", pax_headers={"comment": "x" * 2 * PIECE})))


def test_more_files_than_any_store_has_are_refused(monkeypatch):
    assert MOST_FILES > 100_000
    monkeypatch.setattr("artifacts.store.archive.MOST_FILES", 3)
    with pytest.raises(BadArchive, match="more than 3 files"):
        read(packed(*map(member, "abcd")))


@pytest.mark.parametrize("kept", [0, 3, 0.5, -3])
def test_a_torn_archive_is_refused(kept):
    whole = packed(member("a", size=10), member("b", size=10), content=b"0123456789")
    with pytest.raises((BadArchive, tarfile.TarError)):
        read(whole[: int(len(whole) * kept) if isinstance(kept, float) else kept])


@pytest.mark.parametrize("content", [b"", b"hello, world" * 100, pa.compress(b"no tar" * 1000, "zstd", asbytes=True)])
def test_what_is_no_archive_is_refused(content):
    with pytest.raises(BadArchive):
        read(content)


def test_a_file_that_shrinks_while_it_is_packed_is_an_end_too_early():
    with pytest.raises(EOFError), packing(io.BytesIO()) as archive:
        archive.add("a", 10, io.BytesIO(b"short"))
