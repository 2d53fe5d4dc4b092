"""Support for deployments: the check of prefect.yaml, and Wavecast's defaults for Prefect."""
