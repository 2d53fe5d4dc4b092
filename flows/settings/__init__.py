"""The configuration: one frozen model a flow."""
