"""Backups: a folder with the database, the slices of scans and a manifest of both, and the way back from it.

A backup is whole or not there: it is written under another name and gets its own when everything is in it. A restored
one goes into an empty database, in one transaction, by PostgreSQL's own programs.
"""
