"""The order of the steps, one file a flow; nothing but calls of tasks."""
