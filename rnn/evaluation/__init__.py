"""How good a method is: baselines, backtests, benchmarks, sweeps."""
