"""A dump that is left in the checkout reaches neither the repository nor the image."""

import subprocess

from tests.browser.servers import ROOT

LEFT = ["backup", "backups/thighsite-20260101T000000Z/database.dump", "site.dump", ".env", ".data/secret_key"]
OF_THE_IMAGE = {"requirements.lock", "requirements-dev.lock", "manage.py"}
OF_THE_IMAGE |= {"analysis", "grading", "static", "templates", "thighsite"}


def test_git_ignores_what_is_left_lying():
    asked = ["git", "check-ignore", "--no-index", *LEFT]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)

    assert done.stdout.split() == LEFT, done.stderr


def test_image_takes_what_is_named_and_nothing_else():
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]

    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule[0] == "!"} == OF_THE_IMAGE
