"""Scripts as they are served: without the lines that are a comment, and otherwise as they lie in static/."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

OWN = Path(settings.BASE_DIR, "static")
SCRIPTS = sorted(str(path.relative_to(OWN)) for path in OWN.rglob("*.js") if "vendor" not in path.parts)


def served(client, name: str) -> list[str]:
    response = client.get(staticfiles_storage.url(name))
    return b"".join(response.streaming_content).decode().splitlines()


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_is_served_line_by_line_without_its_comments(client, name):
    written = OWN.joinpath(name).read_text().splitlines()
    hashed = re.compile(r"\.[0-9a-f]{12}(?=\.js)")

    expected = ["" if line.lstrip().startswith("//") else line for line in written]

    assert [hashed.sub("", line) for line in served(client, name)] == expected


def test_what_others_wrote_is_served_as_it_is(client):
    name = "vendor/plotly/plotly-cartesian.min.js"

    assert served(client, name) == OWN.joinpath(name).read_text().splitlines()
