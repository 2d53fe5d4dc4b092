"""Series that are made up or well known."""
