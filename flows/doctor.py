"""A look at a file without training: what is wrong with it, and what would suit it. Try `wavecast doctor FILE`.

It runs without Prefect, keeps nothing and takes a second.
"""

from typing import Annotated

from cyclopts import Parameter

from flows.command_line import MISTAKE, Answer, run_from_command_line
from rnn.doctor import diagnose
from rnn.readers.options import Reading, Source
from tasks.support.blocks import without_blocks
from tasks.support.credentials import with_references


class DoctorSettings(Reading):
    """Settings of the file that are known already."""


NOTHING_KNOWN = DoctorSettings()


def doctor(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)], /, settings: DoctorSettings = NOTHING_KNOWN
) -> Answer:
    """Look a file over: what is in it, what is wrong, and which settings suit it. - reads standard input.

    The last line is a command to copy. Exit code 2 when the file cannot be used.
    """
    diagnosis = diagnose(without_blocks(with_references(Source(data=file, **settings.model_dump()))))
    return Answer("\n".join(diagnosis.lines), 0 if diagnosis.usable else MISTAKE)


if __name__ == "__main__":
    run_from_command_line(doctor)
