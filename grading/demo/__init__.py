"""The demo: a synthetic cohort shaped like the published one."""
