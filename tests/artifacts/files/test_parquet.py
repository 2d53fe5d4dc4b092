import io
import os
import tracemalloc
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from artifacts.files import parquet
from artifacts.files.parquet import NotAFile, TooLarge, read_outline, read_table, write_blocks, write_table

floats = arrays(np.float64, st.integers(0, 40), elements=st.floats(allow_nan=True, allow_infinity=True))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("tables") / "table.parquet"


@given(column=floats)
def test_float64_comes_back_bit_for_bit(path, column):
    write_table(path, {"x": column, "y": column[::-1].copy()})
    columns, _ = read_table(path)
    assert columns["x"].dtype == np.float64
    assert columns["x"].tobytes() == column.tobytes()
    assert columns["y"].tobytes() == column[::-1].tobytes()


def test_not_a_number_infinities_and_minus_zero_are_told_apart(path):
    odd = np.array([np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, 5e-324])
    write_table(path, {"x": odd})
    assert read_table(path)[0]["x"].tobytes() == odd.tobytes()


@settings(max_examples=50)
@given(made=st.dictionaries(st.text(), json_values, max_size=4))
def test_how_a_table_was_made_comes_back(path, made):
    write_table(path, {"x": np.zeros(1)}, made)
    assert read_table(path)[1] == made


def test_a_table_without_a_word_of_how_it_was_made_says_nothing(path):
    write_table(path, {"x": np.zeros(1)})
    assert read_table(path)[1] == {}


def test_columns_keep_their_order_their_types_and_what_is_unknown(path):
    write_table(path, {"z": ["b", "a"], "a": np.array([1, 2]), "m": [None, None]})
    columns, _ = read_table(path)
    assert list(columns) == ["z", "a", "m"]
    assert columns["z"].tolist() == ["b", "a"]
    assert columns["a"].dtype == np.int64
    assert columns["m"].tolist() == [None, None]


def test_the_same_table_gives_the_same_bytes(path):
    made = {"seed": 1, "source": "here"}
    parquet = []
    for order in (made, dict(reversed(made.items()))):
        write_table(path, {"x": np.arange(1000.0), "name": ["a"] * 1000}, order)
        parquet.append(path.read_bytes())
    assert parquet[0] == parquet[1]


def test_columns_of_different_lengths_are_refused(path):
    with pytest.raises(ValueError, match="expected length 2"):
        write_table(path, {"x": np.zeros(2), "y": np.zeros(3)})


def test_any_parquet_reader_finds_how_it_was_made(path):
    write_table(path, {"x": np.zeros(1)}, {"seed": 7})
    assert pq.read_schema(path).metadata == {b"wavecast": b'{"seed": 7}'}


# Tables longer than memory, with row groups so short that a few hundred rows have many.


@pytest.fixture
def short_row_groups(monkeypatch):
    monkeypatch.setattr(parquet, "ROW_GROUP", 64)


@pytest.fixture(scope="module")
def long_path(path):
    """1000 rows in row groups of 64."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "ROW_GROUP", 64)
        write_table(path.with_name("long.parquet"), {"row": np.arange(1000), "y": np.arange(1000) / 7}, {"seed": 1})
    return path.with_name("long.parquet")


def cut(rows: int):
    """Places to cut so many rows at, some of them twice."""
    return st.lists(st.integers(0, rows), max_size=9).map(lambda cuts: [0, *sorted(cuts), rows])


@pytest.mark.usefixtures("short_row_groups")
@settings(max_examples=50)
@given(st.sampled_from([0, 1, 63, 64, 65, 128, 300]).flatmap(lambda rows: st.tuples(st.just(rows), cut(rows))))
def test_the_bytes_do_not_depend_on_the_blocks(path, case):
    rows, cuts = case
    rng = np.random.default_rng(rows)
    whole = {
        "x": rng.random(rows),
        "n": rng.integers(0, 9, rows),
        "name": np.array(["a", "b"])[rng.integers(0, 2, rows)],
    }
    write_table(path, whole, {"seed": 1})
    expected = path.read_bytes()
    write_blocks(path, ({k: v[a:b] for k, v in whole.items()} for a, b in pairwise(cuts)), {"seed": 1})
    assert path.read_bytes() == expected
    assert all((read_table(path)[0][name] == whole[name]).all() for name in whole)


@pytest.mark.usefixtures("short_row_groups")
def test_a_file_is_made_of_full_row_groups(path):
    write_blocks(path, ({"x": np.zeros(rows)} for rows in (30, 0, 100, 62)))
    metadata = pq.read_metadata(path)
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [64, 64, 64]


def test_floats_are_split_by_bytes_and_the_rest_has_dictionaries(path):
    write_table(path, {"x": np.arange(1000) / 7, "name": ["a", "b"] * 500})
    x, name = (pq.read_metadata(path).row_group(0).column(i) for i in (0, 1))
    assert "BYTE_STREAM_SPLIT" in x.encodings
    assert not x.has_dictionary_page
    assert name.has_dictionary_page
    assert x.compression == name.compression == "ZSTD"


@pytest.mark.parametrize("made", [None, {"seed": 1}])
def test_no_blocks_at_all_are_refused(path, made):
    with pytest.raises(ValueError, match="at least one block"):
        write_blocks(path, [], made)


def test_a_block_with_other_columns_is_refused(path):
    with pytest.raises(ValueError, match=r"(?i)schema"):
        write_blocks(path, [{"x": np.zeros(3)}, {"y": np.zeros(3)}])


def test_an_outline_tells_length_and_making(long_path):
    assert read_outline(long_path) == (1000, {"seed": 1})


def test_memory_does_not_grow_with_the_length(path, monkeypatch):
    monkeypatch.setattr(parquet, "ROW_GROUP", 2**14)
    x = np.random.default_rng(0).random(10_000)
    arrow = 0

    def blocks_of(count: int):
        for i in range(count):
            look()
            yield {"x": x + i, "y": x - i}

    def look() -> None:
        nonlocal arrow
        arrow = max(arrow, pa.total_allocated_bytes())

    def peaks(blocks: int) -> list[int]:
        """Of NumPy and Python while writing, and of Arrow between the blocks."""
        nonlocal arrow
        arrow = 0
        tracemalloc.start()
        write_blocks(path, blocks_of(blocks))
        traced = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return [traced, arrow]

    peaks(1)  # pyarrow imports what it needs when it is first used
    few, many = peaks(32), peaks(256)  # 5 MB and 41 MB
    assert all(b < 1.2 * a + 100_000 for a, b in zip(few, many, strict=True)), (few, many)


@pytest.mark.parametrize("encoded", [True, False])
def test_a_small_file_that_fills_the_memory_is_refused_before_it_is_read(tmp_path, encoded):
    bomb = tmp_path / "bomb.parquet"
    table = pa.table({"x": pa.array(np.zeros(2**20))})
    with pq.ParquetWriter(bomb, table.schema, compression="zstd", use_dictionary=encoded) as writer:
        for _ in range(40):
            writer.write_table(table)
    assert bomb.stat().st_size < 2**18
    for source in (bomb, bomb.read_bytes(), io.BytesIO(bomb.read_bytes())):
        with pytest.raises(TooLarge, match="bytes of memory"):
            read_table(source)
    assert read_outline(bomb)[0] == 40 * 2**20


def test_a_long_constant_series_is_read(path):
    write_table(path, {"x": np.arange(2e6), "y": np.zeros(2_000_000)})
    assert len(read_table(path)[0]["x"]) == 2_000_000


def test_a_pipe_or_a_folder_in_its_place_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.parquet")
    (tmp_path / "folder.parquet").mkdir()
    for name in ("pipe.parquet", "folder.parquet"):
        for read in (read_table, read_outline):
            with pytest.raises(NotAFile, match=f"{name} is not a file"):
                read(tmp_path / name)
