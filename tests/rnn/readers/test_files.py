import hashlib

import pytest

from rnn.readers.files import digest, named, opened
from rnn.readers.problems import BadSource


def test_a_name_is_one_line():
    assert "\n" not in named("a\nb.csv")


def test_the_digest_is_that_of_the_bytes(tmp_path):
    (tmp_path / "file").write_bytes(b"bytes")
    assert digest(str(tmp_path / "file")) == hashlib.sha256(b"bytes").hexdigest()


@pytest.mark.parametrize(
    ("url", "words"),
    [("absent.csv", "no such file"), (".", "folder"), ("s3x://me:secret@host/a.csv?key=hidden", "cannot be opened")],
)
def test_what_is_no_file_is_told_without_passwords(url, words):
    with pytest.raises(BadSource, match=words) as told, opened(url):
        pass
    assert "secret" not in str(told.value)
    assert "hidden" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_password_in_what_a_library_says_is_left_out(monkeypatch):
    def refuse(url):
        raise RuntimeError(f"cannot reach {url}: bad login for me with p%40ss, that is p@ss")

    monkeypatch.setattr("rnn.readers.files.fsspec.core.url_to_fs", refuse)
    with pytest.raises(BadSource) as told, opened("https://me:p%40ss@host/a.csv"):
        pass
    assert "p@ss" not in str(told.value)
    assert "p%40ss" not in str(told.value)
