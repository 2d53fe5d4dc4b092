"""Pictures with Matplotlib."""
