"""Check that a text is one SQL statement that only reads, before a database sees it.

The database holds to it as well, by a transaction that cannot write; here a mistake has a sentence of its own.
"""

import re

READS = ("select", "with", "values", "table", "from")
"""The words with which a statement begins that returns rows."""

_SKIPPED = re.compile(
    r"""
    '(?:[^']|'')*'                      # text
    | "(?:[^"]|"")*" | `[^`]*`          # names
    | \$(?P<tag>[A-Za-z_]\w*|)\$.*?\$(?P=tag)\$   # PostgreSQL's text between dollars
    | --[^\n]* | /\*.*?\*/              # comments
    """,
    re.VERBOSE | re.DOTALL,
)


def one_reading_statement(query: str) -> str | None:
    """What is wrong with a query that is not one statement which reads; None where nothing is."""
    bare = _SKIPPED.sub(lambda part: " " if part[0].startswith(("--", "/*")) else " x ", query)
    statements = [statement for statement in bare.split(";") if statement.strip()]
    if not statements:
        return "is empty: give a SELECT"
    if len(statements) > 1:
        return "holds more than one statement: give one SELECT"
    word = re.match(r"[\s(]*(\w*)", statements[0])
    if word is None or word[1].lower() not in READS:
        return f"begins with {(word[1] if word else '')!r}, and only reading is allowed: give a SELECT"
    return None
