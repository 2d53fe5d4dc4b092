import fsspec

from artifacts.store.listing import is_from_future, is_store, list_folders, run_names

NAME = "20260301T000000Z-aaaaaa"


def test_folders_are_listed_with_a_stamp_where_they_have_a_manifest(store):
    (store / "notes").mkdir()
    (store / ".hidden").mkdir()
    (store / "file.txt").touch()
    (store / "manifest.json").write_text("beside the runs, this makes no run of the store itself")
    local = fsspec.filesystem("file")
    assert set(list_folders(local, str(store))) == {NAME, "notes"}
    assert list_folders(local, str(store))["notes"] is None
    assert run_names(local, str(store)) == [NAME]
    assert list_folders(local, str(store / "nosuch")) == {}
    distant = fsspec.filesystem("memory")
    distant.put(f"{store}/", "/listed/", recursive=True)
    assert run_names(distant, "/listed") == [NAME]
    distant.rm("/listed", recursive=True)


def test_a_name_is_from_the_future_by_its_time_alone():
    assert is_from_future("29990101T000000Z-aaaaaa")
    assert not is_from_future(NAME)
    assert not is_from_future("renamed by hand")


def test_a_store_is_told_from_a_run_and_from_a_folder(store, tmp_path):
    files = fsspec.filesystem("file")
    assert is_store(files, str(store))
    assert not is_store(files, str(store / NAME))
    assert not is_store(files, str(tmp_path / "nosuch"))
    (store / "notes").mkdir()
    assert not is_store(files, str(store / "notes"))
    (store / "notes" / "champion.json").touch()
    assert is_store(files, str(store / "notes"))
