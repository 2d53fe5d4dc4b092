"""The HTML toolkit: pages, charts, blocks and templates, without JavaScript libraries."""
