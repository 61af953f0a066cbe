"""Cross-sections: the one drawing of the thigh, with the medians and their difference in it."""

from xml.etree import ElementTree

import pytest

from analysis.figure.outlines import outlines
from analysis.figure.tables import grades_table, heatmap_table, thighs_table
from analysis.figure.thighs import signed, thighs
from analysis.words.notation import number
from grading.anatomy import MUSCLE_BY_CODE, MUSCLE_CODES
from tests.analysis.figure.answers import answer

SVG = "{http://www.w3.org/2000/svg}"


def panels(case):
    """Of each cross-section, the muscles' titles and numbers."""
    root = ElementTree.fromstring(thighs(*answer(case)))
    muscles = [group for group in root.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]
    found = [(group.find(f"{SVG}title").text, group.findall(f"{SVG}text")[1].text) for group in muscles]
    return found[:11], found[11:22], found[22:]


def test_drawing_has_every_muscle_once():
    assert sorted(outline.code for outline in outlines().muscles) == sorted(MUSCLE_CODES)


def test_muscles_carry_the_medians_and_the_models_estimate_in_brackets_where_it_is_not_significant():
    result, *_ = answer("25 participants")
    found = {muscle["muscle"]: muscle for muscle in result["muscles"]}

    compared, reference, difference = panels("25 participants")

    for place, outline in enumerate(outlines().muscles):
        dm, imnm = (found[outline.code]["groups"][code] for code in ("DM", "IMNM"))
        assert compared[place][1] == number(dm["median"])
        assert reference[place][1] == number(imnm["median"])
        estimate, is_shown = signed(found[outline.code]["estimate"]), found[outline.code]["p_holm"] < 0.05
        assert difference[place][1] == (estimate if is_shown else f"({estimate})")
        assert ("NS by Holm p" in difference[place][0]) is not is_shown
        assert compared[place][0].startswith(f"{MUSCLE_BY_CODE[outline.code].label}, ")
        assert f"DM median [IQR] {number(dm['median'])} [" in compared[place][0]


def test_number_in_the_narrowest_muscle_is_written_along_it():
    root = ElementTree.fromstring(thighs(*answer("25 participants")))
    gracilis = [group for group in root.iter(f"{SVG}g") if "gracilis" in group.findtext(f"{SVG}title", "")]

    turned = [text.get("transform", "") for group in gracilis for text in group.findall(f"{SVG}text")]
    assert len(turned) == 6
    assert all(text.startswith("rotate(") for text in turned)


def test_muscle_without_a_median_is_a_dash_in_all_three():
    place = [outline.code for outline in outlines().muscles].index("RF")

    assert [panel[place][1] for panel in panels("not estimable")] == ["–", "–", "–"]


@pytest.mark.parametrize(("value", "words"), [(1.5, "+1.50"), (-1.5, "−1.50"), (0.001, "0.00"), (-0.001, "0.00")])
def test_difference_has_a_sign_unless_it_is_nothing(value, words):
    assert signed(value) == words


def test_tables_hold_the_numbers_of_the_figures():
    asked = answer("25 participants")

    medians, cells, counts = thighs_table(*asked), heatmap_table(*asked), grades_table(*asked)

    assert [len(table.rows) for table in (medians, cells, counts)] == [11, 25, 22]
    assert all(len(row) == len(table.head) for table in (medians, cells, counts) for row in table.rows)
    vl = asked[1]["grades"]["VL"]["DM"]
    assert counts.rows[0][:3] == ("VL", "DM", f"{vl[0]} ({vl[0] / sum(vl):.0%})".replace("%", " %"))
    assert counts.rows[0][-1] == str(sum(vl))


def test_page_shows_the_first_rows_of_a_long_table_and_counts_the_rest():
    table = heatmap_table(*answer("3000 participants"))

    assert (len(table.first), table.more) == (400, 2600)
