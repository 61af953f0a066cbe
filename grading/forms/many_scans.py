"""The form that brings an archive with the scans of many MRIs. Its files are spooled: thighsite.spooled_uploads."""

MAPPING, ARCHIVE = "mapping", "archive"
BOTH = "Choose the mapping, a CSV or XLSX file, and one ZIP archive."
