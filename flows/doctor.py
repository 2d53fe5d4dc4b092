"""Diagnose a file without training, and propose settings that suit it. Try `wavecast doctor FILE`.

It runs without Prefect, keeps nothing and takes a second.
"""

import re

from flows.command_line.command import MISTAKE, Answer, run_from_command_line
from flows.settings.base import part
from rnn.doctor import diagnose
from rnn.errors import WavecastError
from rnn.experiment import AskedTask
from rnn.readers.options import Source
from tasks.support.blocks import without_blocks
from tasks.support.credentials import with_references


class DoctorSettings(AskedTask, Source):
    """The file, and what is known already of how it is read and of what is to be forecast."""


class NoFile(WavecastError):
    """The doctor was not told which file to look at."""


def doctor(settings: DoctorSettings) -> Answer:
    """Look a file over: what is in it, what is wrong, and which settings suit it. - reads standard input.

    The last line is a command to copy. Exit code 2 when the file cannot be used.
    """
    if settings.data is None:
        raise NoFile("name the file to look at, such as `wavecast doctor sales.csv`; see --help")
    source = with_references(part(settings, Source))
    diagnosis = diagnose(without_blocks(source), settings)
    *lines, last = diagnosis.lines
    if diagnosis.usable and (hidden := _hidden(source.data or "")):
        lines.append(f"The command names {hidden} in the place of what the URL hides: write that there again, or set "
                     f"{hidden} first.")  # fmt: skip
    return Answer("\n".join([*lines, last]), 0 if diagnosis.usable else MISTAKE)


def _hidden(url: str) -> str:
    """The variables in a URL that only this process has, since it gave them their names; none of the user's own."""
    return " and ".join(dict.fromkeys(re.findall(r"WAVECAST_DATA_[A-Z]+", url)))


if __name__ == "__main__":
    run_from_command_line(doctor)
