"""A file of rows and columns → a sheet: header, rows with their line numbers, problems. Pure: no Django."""
