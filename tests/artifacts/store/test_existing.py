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
