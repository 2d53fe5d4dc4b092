"""From a Parquet or CSV file to `Series` and `Calendar`: checked, and repaired only when asked.

    series, calendar, summary = rnn.readers.read.read_series_file(Source(data="sales.csv"), at_least=120)

`read.py` has the order of the steps; `options.py` the settings; `files.py` where a file is; `csv_file.py` and
`parquet_file.py` its columns, block by block; `columns.py` which columns are meant; `times.py`, `time_zones.py` and
`values.py` what a cell says; `observations.py` the checked times and values of a file; `spacing.py` how the times are
spaced, and which are missing; `repairs.py` what is mended when asked; `summary.py` what is told of the file.

Nothing is handed on here: who only needs the settings should not have to import tables and checks.
"""
