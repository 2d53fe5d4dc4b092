"""The reports of runs in sentences, tables and pictures; one module a flow."""
