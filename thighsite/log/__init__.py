"""What the site writes down for those who run it: a line of JSON on standard error per request and per error.

A line names no participant and no grade. It leaves out bodies, query strings and cookies, what an address carries
besides ids, and the words of exceptions that may repeat a value.
"""
