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
    assert [name for name in dev.R_PACKAGES if f" r-cran-{name.lower()}" not in WORKFLOW] == []


def test_every_action_is_of_a_named_version():
    actions = re.findall(r"uses: (\S+)", WORKFLOW)

    assert actions
    assert [action for action in actions if not re.search(r"@v\d", action)] == []
