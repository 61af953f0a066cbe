"""Files that people have brought: looked at first, imported when they say so, at once or as a job.

`keeping` looks and imports; `jobs` declares both as kinds of jobs, for files that take longer than a request may.
"""
