"""A workbook (XLSX, XLSM) → the rows of one of its sheets, within limits of size, and what is odd about its cells."""
