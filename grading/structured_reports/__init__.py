"""Signed-off reads as DICOM Structured Reports, for whoever puts grades back into an archive of images (PACS)."""
