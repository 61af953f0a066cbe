"""A case without looking at it: by keys, by what has the focus, and by what is read out, each thing once."""

import pytest
from playwright.sync_api import expect

from grading.anatomy import MUSCLES
from tests.browser.heard import Listener
from tests.browser.keyboard import open_case, press, saved
from tests.browser.studies import grades_of, make_reading_study

pytestmark = pytest.mark.browser

GRADES = "2130x123012"
WORDS = {"0": "0 normal", "1": "1 mild", "2": "2 moderate", "3": "3 severe", "x": "not assessable"}


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=2)


def spoken(name: str, key: str) -> str:
    return f"{name} {'not assessable' if key == 'x' else key}. All saved"


def test_a_case_is_read_without_looking(visit, study):
    page = open_case(visit(study.reader, study.worklist))
    listener = Listener(page)
    names = [muscle.name for muscle in MUSCLES]

    for name, key in zip(names, GRADES, strict=True):
        assert (listener.focus().role, listener.focus().within("radiogroup")) == ("radio", name)
        press(page, key)
        expect(page.get_by_role("status").filter(has_text=spoken(name, key))).to_have_count(1)
        assert listener.heard() == [spoken(name, key)]
    checked = [node for node in listener.nodes() if node.role == "radio" and node.state("checked") == "true"]
    said = [(node.within("radiogroup"), node.name) for node in checked]
    assert [(name, choice[0]) for name, choice in said if name in names] == [
        (name, "n" if key == "x" else key) for name, key in zip(names, GRADES, strict=True)
    ]

    assert (listener.focus().role, listener.focus().name) == ("button", "Sign off")
    press(page, ["Enter"])
    dialog = page.get_by_role("dialog", name="Sign off case")
    expect(dialog).to_be_visible()
    assert listener.focus().within("dialog").startswith("Sign off case")
    listener.heard()
    read, signed = page.url, page.title().split()[1]
    press(page, ["Enter"])
    page.wait_for_url(lambda url: url != read)
    expect(page.locator("[data-cell] input").first).to_be_focused()
    expect(page.get_by_role("status").filter(has_text=f"Case {signed} signed off.")).to_have_count(1)
    (said,) = [words for words in listener.heard() if "signed off" in words]
    assert page.title().split(" · ")[0] in said  # and which case stands now
    assert grades_of(study, "VL VM VI RF BFSH BFLH SM ST ADD GR SA") == GRADES


def test_what_is_taken_back_or_graded_at_once_is_said_once(visit, study):
    page = open_case(visit(study.reader, study.worklist))
    listener = Listener(page)

    press(page, "2")
    saved(page)
    listener.heard()
    press(page, "u")
    expect(page.get_by_role("status").filter(has_text="no grade")).to_have_count(1)
    assert listener.heard() == ["vastus lateralis no grade. All saved"]

    press(page, ".")
    saved(page)
    (said,) = listener.heard()
    assert said == "11 muscles, the last sartorius 0. All saved"


def test_everything_that_is_reached_by_tab_says_what_it_is(visit, study):
    page = open_case(visit(study.reader, study.worklist))
    listener = Listener(page)
    page.evaluate("document.activeElement.blur()")
    page.locator(".skip-link").focus()

    reached = []
    while not reached or reached[-1].name != "Sign off":
        reached.append(listener.focus())
        press(page, ["Tab"])
    assert all(node.name for node in reached), [node.role for node in reached if not node.name]
    groups = [node.within("radiogroup") for node in reached if node.role == "radio"]
    assert groups == ["Feature", "Sequence", *(muscle.name for muscle in MUSCLES)]
    assert [node.name for node in reached if node.role == "textbox"] == ["Comment"]


def test_the_page_reads_in_the_order_of_the_thigh(visit, study):
    listener = Listener(open_case(visit(study.reader, study.worklist)))
    nodes = listener.nodes()

    headings = [node.name for node in nodes if node.role == "heading"]
    assert headings[0].startswith("Case ")
    assert [name.lower() for name in headings[1:4]] == ["anterior", "posterior", "medial"]
    groups = [node.name for node in nodes if node.role == "radiogroup"]
    assert groups == ["Feature", "Sequence", *(muscle.name for muscle in MUSCLES)]
    assert all(node.name for node in nodes if node.role in {"button", "link", "radio", "textbox", "image", "dialog"})
