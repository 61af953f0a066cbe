"""The plotly.js that we serve is the one that plotly.py writes its figures for."""

import re
from pathlib import Path

import plotly

VENDORED = Path(__file__).parents[3] / "static" / "vendor" / "plotly"
OWN = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def version(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return re.search(r"plotly\.js .*?v(\d+\.\d+\.\d+)", file.read(200))[1]


def test_vendored_plotly_is_of_the_version_that_plotly_py_brings():
    assert version(VENDORED / "plotly-cartesian.min.js") == version(OWN)


def test_plotlys_own_rules_are_of_that_version():
    assert f"plotly.js {version(OWN)}" in (VENDORED / "plotly.css").read_text()


def test_vendored_plotly_keeps_its_licence():
    assert "MIT License" in (VENDORED / "LICENSE").read_text()
