"""A store that is there already; what its commands make of one that is not is in tests/flows/test_stores.py."""

import pytest

from artifacts.store.existing import NoPlace, NoSuchStore, existing_store, not_another_stores
from artifacts.store.store import Store


def test_a_store_that_is_there_is_opened_and_none_is_made(tmp_path):
    Store(str(tmp_path / "runs"))
    assert existing_store(str(tmp_path / "runs")).runs() == []
    with pytest.raises(NoSuchStore, match="there is no store at"):
        existing_store(str(tmp_path / "typo"))
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_a_file_is_no_store_and_nobody_is_told_to_remove_it(tmp_path):
    (tmp_path / "sales.csv").write_text("day,sales\n")
    with pytest.raises(NoSuchStore, match="is a file, and a store is a folder") as told:
        existing_store(str(tmp_path / "sales.csv"))
    assert "remove" not in str(told.value)


RUN = "20260301T000000Z-aaaaaa"


@pytest.fixture
def outer(tmp_path):
    """A store with a run and all that it makes anew."""
    for name in (RUN, "latest", "gallery", ".cache"):
        (tmp_path / "runs" / name).mkdir(parents=True)
    (tmp_path / "runs" / RUN / "manifest.json").write_text("{}")
    return tmp_path / "runs"


@pytest.mark.parametrize("place", [RUN, f"{RUN}/models", "latest", "gallery/data", ".cache/x", ".cache"])
def test_no_store_is_kept_where_another_one_would_remove_it(outer, place):
    with pytest.raises(NoPlace, match=f"belongs to another one, {outer}, which may .* --store"):
        not_another_stores(str(outer / place))
    store = Store("memory://runs-and-more")
    store.replace("champion.json", b"{}")
    store.replace(f"{RUN}/manifest.json", b"{}")
    with pytest.raises(NoPlace, match=r"belongs to another one, memory://.*runs-and-more, which may"):
        not_another_stores(f"memory://runs-and-more/{place}")
    store.files.rm(store.root, recursive=True)


def test_any_other_place_is_as_good_as_elsewhere(outer, tmp_path):
    for place in (outer, outer / "inner", outer / "inner" / "latest", tmp_path / "latest", tmp_path / ".cache" / "a"):
        not_another_stores(str(place))
    not_another_stores("nosuchkind://store/latest")
    (tmp_path / "manifest.json").write_text('{"name": "of a web page"}')
    not_another_stores(str(outer))
