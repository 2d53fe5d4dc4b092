"""What a deployment stands on: prefect.yaml checked, and what Wavecast asks of Prefect."""
