"""The state of a store between runs: champion, ledger, verdicts, the monitor's status."""
