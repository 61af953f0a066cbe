"""Django's backend for PostgreSQL, with two roles and with a name to every change.

`DATABASES["default"] = {"ENGINE": "thighsite.postgres", ..., "OWNER": {"USER": ..., "PASSWORD": ...}}`. The site
connects as USER, which owns nothing; migrations connect as OWNER. Without OWNER one role does both.
"""
