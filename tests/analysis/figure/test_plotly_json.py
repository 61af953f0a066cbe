"""What leaves for plotly: a theme's colours, and texts in which nothing that people wrote is markup."""

import json
import re

import pytest

from analysis.figure.palette import INK, THEMES, resolved
from analysis.figure.plotly_json import plotly_json
from tests.analysis.figure.answers import EVERY, IDS, answer, data_of

DRAWN = [(pair, name) for pair, name in zip(EVERY, IDS, strict=True) if pair[0].plotly]
COLOUR = re.compile(r"#[0-9a-fA-F]{6}|rgba\([\d.,]+\)")
MARKUP = re.compile(r"<(?!br>)|&(?!lt;|gt;|amp;)")


def strings(part, key=""):
    """Every string of a figure with the key that it stands under."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from strings(value, name)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from strings(value, key)
    elif isinstance(part, str):
        yield key, part


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("figure", "case"), [pair for pair, _ in DRAWN], ids=[name for _, name in DRAWN])
def test_every_colour_is_one_and_every_text_is_words(figure, case, theme):
    written = figure.json(data_of(case), theme)

    json.dumps(written, allow_nan=False)
    for key, text in strings(written):
        if key.endswith("color"):
            assert COLOUR.fullmatch(text), (key, text)
        elif key in ("text", "hovertext", "ticktext", "name"):
            assert not MARKUP.search(text), (key, text)


def test_what_people_wrote_is_never_taken_for_a_colour_or_for_markup():
    text = "var(--ink) #15181b <b>\n&amp;"

    written = plotly_json({"data": [{"name": text, "hovertext": [text], "marker": {"color": [INK, "#123456"]}}]})

    shown = "var(--ink) #15181b &lt;b&gt;<br>&amp;amp;"
    assert written == {
        "data": [{"name": shown, "hovertext": [shown], "marker": {"color": [resolved(INK, "print"), "#123456"]}}]
    }


def test_themes_differ_in_colours_only():
    figure, case = next(pair for pair in EVERY if pair[0].name == "heatmap" and pair[1] == "25 participants")
    light, dark = (list(strings(figure.json(answer(case), theme))) for theme in THEMES)

    differing = {key for (key, one), (_, other) in zip(light, dark, strict=True) if one != other}

    assert differing
    assert all(key.endswith(("color", "colorscale")) for key in differing)
    assert dict(light)["paper_bgcolor"] == "#ffffff"
    assert dict(dark)["paper_bgcolor"] == "#17191c"


def test_an_unknown_theme_is_an_error():
    with pytest.raises(KeyError):
        plotly_json({"layout": {"font": {"color": INK}}}, "sepia")
