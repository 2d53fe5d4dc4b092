"""The files of runs, and the reports and pages that show them. Nothing here knows Prefect."""
