"""A series of the user's own: from a Parquet or CSV file to `Series` and `Calendar`, checked, repaired only when asked.

    series, calendar, found = rnn.source.read.read_series_file(Source(data="sales.csv"), at_least=120)

`read.py` has the order of the steps; `options.py` the settings; `files.py` where a file is; `csv_table.py` and
`parquet_table.py` its columns, block by block; `choosing.py` which columns are meant; `times.py` and `values.py` what a
cell says; `checks.py` what is no number or time; `spacing.py` how the times are spaced, and which are missing;
`repairs.py` what is mended when asked; `calendar.py` from x back to times; `doctor.py` a look without training.

Nothing is handed on here: who only needs a calendar or the settings should not have to import tables and checks.
"""
