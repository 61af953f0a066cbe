"""Tests come in the order that tests/tiers.py promises, whatever other plugins sort them by."""

from itertools import groupby

from tests.tiers import TIERS


def test_fastest_tier_comes_first_and_files_stay_together(request):
    files = [(path, list(items)) for path, items in groupby(request.session.items, key=lambda item: item.path)]
    tiers = [max(map(tier_of, items)) for _, items in files]

    assert len({path for path, _ in files}) == len(files)
    assert tiers == sorted(tiers)


def tier_of(item) -> int:
    return next(number for number, name in enumerate(TIERS) if item.get_closest_marker(name))
