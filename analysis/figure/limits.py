"""Sizes beyond which figures are drawn otherwise."""

MOST_POINTS = 150  # of one group in one muscle, before rows of points become bars of the same length
