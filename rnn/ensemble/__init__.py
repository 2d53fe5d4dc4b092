"""The autoregressive recipe: an ensemble of recurrent networks, linear skips and modes, fed its own forecasts."""
