"""A package: some libraries install `tests` too, which would be found before a folder without this file."""
