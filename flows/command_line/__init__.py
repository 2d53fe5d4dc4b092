"""A function or flow as a command: its flags, what is checked before it runs, and all verbs of `wavecast`."""
