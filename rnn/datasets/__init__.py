"""Generated series and public ones."""
