"""Tests in three tiers, of which the fastest come first; after a tier with a failure the rest is not begun.

What is only computed is the tier ``pure``; what needs PostgreSQL or starts programs is ``database``; what drives
Chromium is ``browser``. So ``-m pure`` takes seconds, and a mistake is told before the slow tests are begun.
"""

from collections import Counter
from pathlib import Path

import pytest

TIERS = ("pure", "database", "browser")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


def mark(items: list[pytest.Item]) -> None:
    """Mark every test with its tier."""
    for item in items:
        item.add_marker(TIERS[_tier(item)])


def order(items: list[pytest.Item]) -> None:
    """Sort tests by the last tier of their file. Files stay together: they are what a worker is given.

    Within a tier those of many tests come first, so that no worker is left alone with a long one.
    """
    last_of_file: dict[Path, int] = {}
    tests_of_file = Counter(item.path for item in items)
    for item in items:
        last_of_file[item.path] = max(_marked(item), last_of_file.get(item.path, 0))
    items.sort(key=lambda item: (last_of_file[item.path], -tests_of_file[item.path], item.path))


def _marked(item: pytest.Item) -> int:
    return next(number for number, name in enumerate(TIERS) if item.get_closest_marker(name))


def _tier(item: pytest.Item) -> int:
    if item.get_closest_marker("browser"):
        return TIERS.index("browser")
    needs_database = item.get_closest_marker("django_db") or DATABASE_FIXTURES & {*getattr(item, "fixturenames", ())}
    starts_programs = hasattr(item.module, "subprocess") or hasattr(item.module, "Server")
    return TIERS.index("database" if needs_database or starts_programs else "pure")


class StopAfterFailedTier:
    """Ends the run when a tier begins while an earlier one has a failure. For the process that reports."""

    def __init__(self, session: pytest.Session) -> None:
        """With several workers it is pytest-xdist that is asked to stop."""
        self._runner = session.config.pluginmanager.get_plugin("dsession") or session
        self._failed = len(TIERS)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        tier = next((number for number, name in enumerate(TIERS) if name in report.keywords), 0)
        if report.failed:
            self._failed = min(tier, self._failed)
        if tier > self._failed:
            self._runner.shouldstop = f"the {TIERS[self._failed]} tests failed: the {TIERS[tier]} tests can wait"
