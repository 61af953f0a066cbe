"""An interface for scripts: what pages give and take, by personal tokens instead of sessions.

    urls ─► guard (whose token, which scope) ─► operations (of django-ninja, imported with the first request)

Everything is computed and written by what the pages use. docs/api.md says what a token may do.
"""
