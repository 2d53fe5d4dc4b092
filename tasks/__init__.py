"""The steps as Prefect sees them: caching, retries, progress, logging. No maths, no drawing."""
