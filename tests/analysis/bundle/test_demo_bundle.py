"""The demo study's bundle as an investigator downloads it: R arrives at the same numbers."""

import json
from hashlib import sha256

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from grading.demo.load import load_demo
from tests.analysis.bundle.bundles import run, run_r, unpacked
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

demo = made_once(load_demo)


@pytest.mark.parametrize("analysis_set", ["all", "edema"])
def test_r_arrives_at_the_numbers_of_the_demo(client, demo, tmp_path, analysis_set):
    client.force_login(get_user_model().objects.get(username="investigator"))

    response = client.get(reverse("bundle", args=["demo-complete"]) + f"?set={analysis_set}")
    folder = unpacked(response.content, tmp_path)
    done = run_r(folder)

    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((folder / "result.json").read_text())
    assert (result["set"], result["df_method"]) == (analysis_set, "kenward-roger")
    assert result["data_version"] == sha256((folder / "frame.csv").read_bytes()).hexdigest()
    assert run(folder, "sha256sum", "-c", "checksums.sha256").returncode == 0
