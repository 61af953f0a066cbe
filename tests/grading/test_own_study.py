"""From two CSV files to a study that its people can open, on a machine that has seen nothing yet."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "grading" / "demo"


@pytest.fixture
def manage(tmp_path):
    """manage.py with an embedded server of its own, in which nothing was migrated."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment = kept | {
        "DJANGO_SETTINGS_MODULE": "thighsite.settings",
        "EMBEDDED_POSTGRES_DIR": str(tmp_path / "postgres"),
    }

    def run(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    return run


def test_four_commands_lead_to_a_study(manage):
    steps = [
        manage("import_participants", str(DEMO / "participants.csv"), "--study", "mine", "--create"),
        manage("import_grades", str(DEMO / "grades.csv"), "--study", "mine", "--create-readers"),
        manage("add_member", "--study", "mine", "anna", "--role", "investigator", "--create"),
        manage("add_member", "--study", "mine", "carl", "--role", "coordinator", "--create"),
        manage("compare", "--study", "mine"),
    ]

    assert [(step.returncode, step.stderr) for step in steps] == [(0, "")] * 5
    links = re.findall(r"http://localhost:8000/accounts/set-password/\S+", "".join(step.stdout for step in steps))
    assert len(links) == 5  # three readers, an investigator, a coordinator
    assert "25 participants" in steps[4].stdout
