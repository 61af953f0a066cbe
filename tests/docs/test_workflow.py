"""The hosted workflow tests what the project claims, with what the tests need."""

import re

import dev
from tests.docs.pages import ROOT

WORKFLOW = (ROOT / ".github" / "workflows" / "test.yml").read_text()


def test_the_oldest_and_the_newest_python_are_tested():
    tested = re.search(r"python: \[(.*)\]", WORKFLOW)

    oldest, newest = dev.OLDEST, (dev.TOO_NEW[0], dev.TOO_NEW[1] - 1)
    assert tested
    assert tested[1] == ", ".join(f'"{major}.{minor}"' for major, minor in (oldest, newest))


def test_r_has_the_packages_that_the_bundle_needs():
    for told in re.findall("apt-get install .*", WORKFLOW):
        assert [name for name in dev.R_PACKAGES if f" r-cran-{name.lower()}" not in told] == []


def test_the_long_searches_are_run_each_week_and_by_hand():
    when, jobs = WORKFLOW.split("\njobs:\n")
    full = jobs[jobs.index("\n  full:") : jobs.index("\n  image:")]

    assert re.search(r'schedule:\n +- cron: "\d+ \d+ \* \* \d"', when)
    assert "  workflow_dispatch:" in when
    assert "run: python dev.py test --full" in full
    assert "github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'" in full


def test_every_action_is_of_a_named_version():
    actions = re.findall(r"uses: (\S+)", WORKFLOW)

    assert actions
    assert [action for action in actions if not re.search(r"@v\d", action)] == []
