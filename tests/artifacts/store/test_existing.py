"""A store that is there already; what its commands make of one that is not is in tests/flows/test_stores.py."""

import pytest

from artifacts.store.existing import NoSuchStore, existing_store
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
