"""Files and folders in S3, from a server on this machine."""

import gzip
import io

import fsspec
import numpy as np
import pandas as pd
import pytest

from flows.command_line.checks import check
from flows.settings.retrain import RetrainSettings
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file
from rnn.readers.tables import digest_of

FRAME = pd.DataFrame({"day": pd.date_range("2026-01-01", periods=300), "amount": np.arange(300.0)})


@pytest.fixture(scope="module")
def sales(bucket):
    """The bucket with the same table as files of three kinds, and in parts by month."""
    table = io.BytesIO()
    FRAME.to_parquet(table)
    text = FRAME.to_csv(index=False).encode()
    files = fsspec.filesystem("s3")
    for name, content in (("csv", text), ("csv.gz", gzip.compress(text)), ("parquet", table.getvalue())):
        files.pipe_file(f"{bucket}/files/sales.{name}", content)
    for month, part in FRAME.groupby(FRAME["day"].dt.month):
        buffer = io.BytesIO()
        part.to_parquet(buffer)
        files.pipe_file(f"{bucket}/parts/month={month}/part-0.parquet", buffer.getvalue())
    return bucket


@pytest.mark.parametrize("name", ["files/sales.csv", "files/sales.parquet", "files/sales.csv.gz", "parts/"])
def test_a_file_in_s3_is_read(sales, name):
    source = Source(data=f"{sales}/{name}")
    assert read_series_file(source)[0].y.tolist() == list(range(300))
    assert digest_of(source) == digest_of(source)
    check(RetrainSettings(data=source.data))


@pytest.mark.parametrize("name", ["files/absent.csv", "absent/"])
def test_what_is_not_in_s3_is_told(sales, name):
    with pytest.raises(BadSource) as told:
        read_series_file(Source(data=f"{sales}/{name}"))
    assert "\n" not in str(told.value)
