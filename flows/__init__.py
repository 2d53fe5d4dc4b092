"""The order of the steps, one file a flow; nothing but calls of tasks."""

from flows.deployment.prefect_defaults import set_defaults

set_defaults()
