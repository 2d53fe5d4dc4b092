"""A store goes back to what it was at a snapshot: later runs are gone, files have their content of that time."""

from pathlib import Path

from artifacts.store.snapshot import go_back, take_snapshot


def content(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_a_store_goes_back_to_its_snapshot(tmp_path):
    store, kept = tmp_path / "store", tmp_path / "kept"
    put(
        store, {"a/run": "1", "champion.json": "a", "latest/forecast.json": "a", "gallery/a": "page", ".cache/x/y": "1"}
    )
    before = content(store)
    take_snapshot(store, kept, ["a"])
    assert set(content(kept)) == {"champion.json", "latest/forecast.json"}
    put(store, {"b/run": "2", "champion.json": "b", "latest/forecast.json": "b", "latest/new": "b", "ledger": "b"})
    put(store, {"c/half": "written", ".cache/z/y": "2"})
    go_back(store, kept, ["a"])
    del before["gallery/a"]
    assert content(store) == {**before, ".cache/z/y": "2"}
    go_back(store, kept, ["a"])
    assert content(store) == {**before, ".cache/z/y": "2"}, "as often as one likes"
