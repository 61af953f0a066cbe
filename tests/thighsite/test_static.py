"""Scripts and styles as they are served: without comments and indents, and otherwise as they lie in static/."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

OWN = Path(settings.BASE_DIR, "static")
STYLES = sorted(str(path.relative_to(OWN)) for path in OWN.rglob("*.css") if "vendor" not in path.parts)
SCRIPTS = sorted(str(path.relative_to(OWN)) for path in OWN.rglob("*.js") if "vendor" not in path.parts)


def test_what_is_named_by_its_content_is_never_asked_about_again(client):
    response = client.get(staticfiles_storage.url("site.css"))

    assert response.getvalue()
    assert "immutable" in response.headers["Cache-Control"]
    assert not {"ETag", "Last-Modified"} & set(response.headers)


def served(client, name: str) -> list[str]:
    response = client.get(staticfiles_storage.url(name))
    return b"".join(response.streaming_content).decode().splitlines()


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_is_served_line_by_line_without_its_comments_and_indents(client, name):
    written = [line.lstrip() for line in OWN.joinpath(name).read_text().splitlines()]
    hashed = re.compile(r"\.[0-9a-f]{12}(?=\.js)")

    came = [hashed.sub("", line) for line in served(client, name)]

    assert len(came) == len(written)
    assert all(line == "" for line, before in zip(came, written, strict=True) if before.startswith("//"))
    without = [re.sub(r"^\s*//.*|\s+// .*", "", before) for before in written]
    assert all(line in (before, short) for line, before, short in zip(came, written, without, strict=True))


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_text_of_a_script_goes_over_the_end_of_its_line(name):
    """Where it did, it would lose its indents on the way."""
    assert [line for line in OWN.joinpath(name).read_text().splitlines() if line.count("`") % 2] == []


@pytest.mark.parametrize("name", STYLES)
def test_style_is_served_without_its_comments_on_the_lines_where_it_was_written(client, name):
    code, *rest = OWN.joinpath(name).read_text().split("/*")
    for comment, after in (part.split("*/", 1) for part in rest):
        code += "\n" * comment.count("\n") + after

    found = [line.replace(" ", "") for line in served(client, name)]

    assert found == [line.replace(" ", "") for line in code.splitlines()]


def test_what_others_wrote_is_served_as_it_is(client):
    name = "vendor/plotly/plotly-cartesian.min.js"

    assert served(client, name) == OWN.joinpath(name).read_text().splitlines()
