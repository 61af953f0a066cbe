"""The question in words: on one line, its restrictions, and where a figure comes from."""
