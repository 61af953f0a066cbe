"""The flow of participants and reads, and Table 1, in words."""
