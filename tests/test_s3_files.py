"""Files and folders in S3, from a server on this machine."""

import gzip
import io

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
def bucket(tmp_path_factory):
    """s3://sales on a server on this machine, which checks no signature but wants one."""
    folder = tmp_path_factory.mktemp("bucket")
    FRAME.to_csv(folder / "sales.csv", index=False)
    FRAME.to_parquet(folder / "sales.parquet")
    (folder / "sales.csv.gz").write_bytes(gzip.compress((folder / "sales.csv").read_bytes()))
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    with pytest.MonkeyPatch.context() as environment:
        host, port = server.get_host_and_port()
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        environment.setenv("AWS_ACCESS_KEY_ID", "me")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        import fsspec

        fsspec.get_filesystem_class("s3").clear_instance_cache()
        files = fsspec.filesystem("s3")
        files.mkdir("s3://sales")
        for path in folder.iterdir():
            files.put_file(str(path), f"s3://sales/files/{path.name}")
        for month, part in FRAME.groupby(FRAME["day"].dt.month):
            buffer = io.BytesIO()
            part.to_parquet(buffer)
            files.pipe_file(f"s3://sales/parts/month={month}/part-0.parquet", buffer.getvalue())
        yield "s3://sales"
        files.clear_instance_cache()
    server.stop()


@pytest.mark.parametrize("name", ["files/sales.csv", "files/sales.parquet", "files/sales.csv.gz", "parts/"])
def test_a_file_in_s3_is_read(bucket, name):
    source = Source(data=f"{bucket}/{name}")
    assert read_series_file(source)[0].y.tolist() == list(range(300))
    assert digest_of(source) == digest_of(source)
    check(RetrainSettings(data=source.data))


@pytest.mark.parametrize("name", ["files/absent.csv", "absent/"])
def test_what_is_not_in_s3_is_told(bucket, name):
    with pytest.raises(BadSource) as told:
        read_series_file(Source(data=f"{bucket}/{name}"))
    assert "\n" not in str(told.value)
