"""The trail: what was changed in a study, by whom, when, from what, to what and why. PostgreSQL writes it."""
