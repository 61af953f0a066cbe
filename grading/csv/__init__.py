"""CSV out and in: columns, exports, cells that a spreadsheet would run, and imports."""
