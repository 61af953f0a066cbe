"""Ages as they are stored. Pure: no Django."""

MAX_AGE_YEARS = 120
TOP_AGE_YEARS = 90  # "90 or more": an age over 89 tells who somebody is (HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C))


def stored_age(years: int) -> int:
    """Take an age over 89 as 90, which stands for all of them."""
    return min(years, TOP_AGE_YEARS)
