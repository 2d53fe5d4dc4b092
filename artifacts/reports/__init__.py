"""What each flow says of its run, in words, tables and pictures; one module a flow."""
