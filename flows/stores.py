"""The store of commands that look at what is there, as `artifacts.store.existing` opens it."""

from artifacts.store.existing import NoSuchStore, existing_store, not_a_file

__all__ = ["NoSuchStore", "existing_store", "not_a_file"]
