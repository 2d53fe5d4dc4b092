"""Files behind http: read in parts where the server sends parts, else fetched as a whole first.

fsspec believes a server that says nothing of ranges, and a file then fails in its middle.
"""

import tempfile
from typing import IO, Any, cast

from rnn.readers.problems import BadSource

HELD = 2**24
"""Bytes that are held in memory; of more, a temporary file is made."""
MOST_FETCHED = 2**32
"""Bytes after which a file that does not say how long it is is given up."""
BLOCK = 2**20


def is_on_the_web(files: Any) -> bool:
    """Whether fsspec's file system is the one for http and https."""
    return "http" in files.protocol


def open_web_file(name: str, files: Any, path: str) -> IO[bytes]:
    """The file at the URL `path`, in which one can go back and forth. Raises BadSource, in which `name` stands for it.

    Whatever fsspec raises when there is no such file or server passes through.
    """
    file = files.open(path, "rb")
    if _sends_parts(file):
        return cast(IO[bytes], file)
    file.close()
    whole = tempfile.SpooledTemporaryFile(HELD)  # noqa: SIM115
    with files.open(path, "rb", block_size=0) as stream:
        while block := stream.read(BLOCK):
            whole.write(block)
            if whole.tell() > MOST_FETCHED:
                whole.close()
                raise BadSource(f"{name}: more than {MOST_FETCHED >> 30} GB, in one piece: fetch it first")
    whole.seek(0)
    return cast(IO[bytes], whole)


def _sends_parts(file: Any) -> bool:
    """Whether the end of a file can be read without its beginning; a file of one block is read as a whole anyway."""
    size = getattr(file, "size", None)
    if size is None:
        return False
    if size > file.blocksize:
        try:
            file.seek(size - 1)
            file.read(1)
            file.seek(0)
        except ValueError:
            return False
    return True


def reason_of_absence(error: FileNotFoundError) -> str:
    """Why a URL is called missing where it may be there: the server's answer, or what became of asking it.

    Empty where the server says that there is no such file. fsspec says so of every error.
    """
    cause = error.__cause__
    if cause is None or getattr(cause, "status", None) in (404, 410):
        return ""
    status = getattr(cause, "status", None)
    return f"the server answers {status} {getattr(cause, 'message', '')}".strip() if status else str(cause)
