"""Stacks: the slices of one sequence of one MRI, pixels and geometry and nothing else of the DICOM they came from.

Pure: no Django, no database.
"""
