"""The HTTP service: what a store serves, at an address. It reads, and writes nothing."""
