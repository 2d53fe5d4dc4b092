"""The article's network, in layers that read like its equations, and its training."""
