import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from artifacts.tables import read_table, write_table

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
    tables = []
    for order in (made, dict(reversed(made.items()))):
        write_table(path, {"x": np.arange(1000.0), "name": ["a"] * 1000}, order)
        tables.append(path.read_bytes())
    assert tables[0] == tables[1]


def test_columns_of_different_lengths_are_refused(path):
    with pytest.raises(ValueError, match="expected length 2"):
        write_table(path, {"x": np.zeros(2), "y": np.zeros(3)})


def test_any_parquet_reader_finds_how_it_was_made(path):
    write_table(path, {"x": np.zeros(1)}, {"seed": 7})
    assert pq.read_schema(path).metadata == {b"wavecast": b'{"seed": 7}'}
