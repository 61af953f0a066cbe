"""Types of what leaves the statistics: the objects that ``--format json`` prints, and what pages draw beside them.

They are plain dictionaries, written as JSON and read back; the types cost nothing when the program runs, and let mypy
find a misspelt key. Numbers are in grade points unless something else is said. None is a number that does not exist:
the note says why.
"""
