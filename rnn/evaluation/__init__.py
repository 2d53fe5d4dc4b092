"""Evaluate methods: baselines, backtests, benchmarks, sweeps."""
