import hashlib
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.store.digests import digest_file, digest_files, digest_folder, digest_json, digest_package


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "b.txt").write_bytes(b"two")
    (tmp_path / "deep" / "er" / "a.txt").write_bytes(b"one")
    return tmp_path


def test_a_files_digest_is_the_sha256_of_its_bytes(folder):
    assert digest_file(folder / "b.txt") == hashlib.sha256(b"two").hexdigest()


def test_files_are_digested_at_every_depth_and_listed_in_order_of_their_paths(folder):
    digests = digest_files(folder)
    assert list(digests) == ["b.txt", "deep/er/a.txt"]
    assert digests["deep/er/a.txt"] == hashlib.sha256(b"one").hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "b.txt").write_bytes(b"Two"),
        lambda folder: (folder / "b.txt").unlink(),
        lambda folder: (folder / "b.txt").rename(folder / "c.txt"),
        lambda folder: (folder / "more.txt").touch(),
        lambda folder: (folder / ".hidden").touch(),
        lambda folder: (folder / "b.txt").rename(folder / "deep" / "b.txt"),
    ],
    ids=["altered", "gone", "renamed", "added", "hidden", "moved"],
)
def test_a_folders_digest_changes_with_any_name_and_any_byte(folder, change):
    before = digest_folder(folder)
    change(folder)
    assert digest_folder(folder) != before


def test_a_folders_digest_does_not_depend_on_where_it_is(folder):
    before = digest_folder(folder)
    assert digest_folder(folder.rename(folder.with_name("elsewhere"))) == before


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(), json_values, max_size=5))
def test_the_order_of_keys_does_not_change_a_values_digest(value):
    assert digest_json(dict(reversed(value.items()))) == digest_json(value)


@pytest.mark.parametrize(("one", "other"), [([1, 2], [2, 1]), ("1", 1), ({"a": 1}, {"a": 2}), (None, {}), (0.1, 0.2)])
def test_different_values_have_different_digests(one, other):
    assert digest_json(one) != digest_json(other)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of its own, forgotten afterwards; `digest()` is made anew at each call."""
    root = tmp_path / "somepackage"
    (root / "templates").mkdir(parents=True)
    for name in ("__init__.py", "templates/page.j2", "look.mplstyle"):
        (root / name).write_text("# one")
    monkeypatch.syspath_prepend(tmp_path)
    yield root, lambda: digest_package.__wrapped__("somepackage")
    sys.modules.pop("somepackage", None)


@pytest.mark.parametrize("name", ["__init__.py", "templates/page.j2", "look.mplstyle"])
def test_an_edit_of_any_source_changes_the_packages_digest(package, name):
    root, digest = package
    before = digest()
    (root / name).write_text("# two")
    assert digest() != before


def test_bytecode_does_not_change_the_packages_digest(package):
    root, digest = package
    before = digest()
    (root / "__pycache__").mkdir()
    (root / "__pycache__" / "x.cpython-311.pyc").write_bytes(b"x")
    assert digest() == before
