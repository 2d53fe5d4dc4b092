"""What a run leaves behind, and how people look at it. No Prefect here."""
