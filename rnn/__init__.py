"""The library: series, network, learning, forecasting and judging, on NumPy. It knows nothing of Prefect."""
