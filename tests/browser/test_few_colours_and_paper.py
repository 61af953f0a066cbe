"""What colours tell is told where the user's own few are shown, and on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import open_case, press, saved
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser

STYLE = "(element, name) => getComputedStyle(element)[name]"


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=2)


def style(page: Page, selector: str, name: str) -> str:
    return page.locator(selector).first.evaluate(STYLE, name)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_few_colours_tell_what_is_in_hand_and_what_is_graded(visit, study, scheme):
    page = open_case(visit(study.reader, study.worklist, forced_colors="active", color_scheme=scheme))
    press(page, "013")
    saved(page)

    bars = page.locator("[data-row]").evaluate_all("rows => rows.map(row => getComputedStyle(row).borderLeftColor)")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert [bar != background for bar in bars] == [number == 3 for number in range(11)]

    fills = [style(page, f".muscle[data-muscle={muscle}]", "fill") for muscle in ("VL", "VM", "VI", "BFSH")]
    assert len(set(fills)) == 4  # 0, 1, 3 and none
    assert style(page, ".muscle[data-muscle=RF]", "stroke") != style(page, ".muscle[data-muscle=BFSH]", "stroke")

    chosen, other = '[data-cell=VM] input[value="1"] + span', '[data-cell=VM] input[value="0"] + span'
    assert style(page, chosen, "backgroundColor") != style(page, other, "backgroundColor")
    assert style(page, chosen, "color") != style(page, chosen, "backgroundColor")
    feature, sequence = "input[name=feature]{} + span", "input[name=sequence]{} + span"
    for group in (feature, sequence):
        said = [style(page, group.format(state), "backgroundColor") for state in (":checked", ":not(:checked)")]
        assert said[0] != said[1]


def sheets(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom"), "1cm"))))


def test_signed_case_on_paper(visit, study):
    page = open_case(visit(study.reader, study.worklist))
    read = page.url
    press(page, "2130x")
    page.get_by_label("Comment").fill("Motion.\n" * 8)
    page.locator("[data-sign-off]").focus()
    saved(page)
    page.locator("[data-cell=BFLH] input").first.focus()
    press(page, ".")
    saved(page)
    page.locator("[data-sign-off]").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign off").click()
    expect(page.get_by_role("status").filter(has_text="signed off.")).to_be_visible()
    page.goto(read)
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_text("Signed off by")).to_be_visible()
    expect(page.locator(".site-header, [role=status], button >> visible=true")).to_have_count(0)
    assert page.locator("[data-description]:checked + span:visible").all_inner_texts() == ["Edema", "STIR"]
    comment = page.get_by_label("Comment")
    assert comment.evaluate("box => box.scrollHeight - box.clientHeight") <= 1
    assert style(page, '[data-cell=VL] input[value="2"] + span', "printColorAdjust") == "exact"
    assert style(page, "html", "colorScheme") == "light"
    assert sheets(page) == 1


def test_reading_list_on_paper(visit, site):
    study = make_reading_study(site, cases=60)
    page = visit(study.reader, study.worklist + "list/")
    page.emulate_media(media="print")

    expect(page.locator(".site-header, .not-printed, button >> visible=true")).to_have_count(0)
    expect(page.get_by_role("table")).to_be_visible()
    assert style(page, "html", "colorScheme") == "light"
    assert style(page, "thead", "display") == "table-header-group"
    assert sheets(page) >= 2
