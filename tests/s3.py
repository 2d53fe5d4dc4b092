"""An S3 server of this machine for tests. Like S3 itself it answers requests one at a time, conditions included."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import fsspec
import httpx
import pytest

from artifacts.store.conditional import keeps_conditions

BUCKET = "s3://sales"


@contextmanager
def running_s3() -> Iterator[str]:
    """A bucket, `s3://sales`, on a server that listens while the block runs; this process and its children find it."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    application, one_at_a_time = DomainDispatcherApplication(create_backend_app), threading.Lock()

    def answer(environ, start_response):
        # moto looks whether a condition holds, and writes, in two steps.
        with one_at_a_time:
            return list(application(environ, start_response))

    class Handler(MotoRequestHandler):
        def log(self, *_) -> None: ...

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    reset = f"http://127.0.0.1:{server.server_port}/moto-api/reset"
    httpx.post(reset, timeout=120).raise_for_status()  # all servers of a process are one
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        environment.setenv("AWS_ACCESS_KEY_ID", "me")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        fsspec.get_filesystem_class("s3").clear_instance_cache()
        keeps_conditions.cache_clear()
        files = fsspec.filesystem("s3")
        files.mkdir(BUCKET)
        yield BUCKET
        files.clear_instance_cache()
    server.shutdown()
    server.server_close()
    thread.join()
