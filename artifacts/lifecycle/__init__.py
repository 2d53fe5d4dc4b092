"""What a store remembers between runs: champion, ledger, verdicts, the monitor's status."""
