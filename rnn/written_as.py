"""Settings that are texts of a fixed form, such as `90d`; the error for another text shows the form."""

import re

from pydantic import AfterValidator


def written_as(pattern: str, wanted: str) -> AfterValidator:
    """Accept texts that match `pattern` as a whole; of others it is told that the value should be `wanted`."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"should be {wanted}")
        return text

    return AfterValidator(check)


DAYS = written_as(r"[1-9][0-9]{0,4} ?(d|w)", "days or weeks, such as 90d or 26w")
TIME = written_as(r"[1-9][0-9]{0,5} ?(min|h|d|w)", "a time, such as 36h, 3d or 2w")
POINTS_OR_TIME = written_as(r"[0-9]{1,6} ?(min|h|d|w)?", "a number of points, such as 3, or a time, such as 36h or 7d")
COUNTRY = written_as(r"[A-Z]{2,3}(-[A-Za-z0-9]{1,6})?", "a country such as DE, or one with a part such as DE-BY")
