"""docs/reference/json.md has every field of what the commands print as JSON, with its type, and no other."""

import re
from collections import defaultdict
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from analysis.stats.result_types import agreement, comparison, ordinal, plan
from analysis.stats.result_types.described import DescribedParticipants
from tests.docs.pages import ROOT, table_below

PAGE = ROOT / "docs" / "reference" / "json.md"
IN_WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false"}
# What has a table of its own.
APART = (agreement.AgreementEntry, agreement.PairEntry, agreement.IntraEntry, agreement.CoefficientEstimate)


@pytest.mark.parametrize(
    ("heading", "described"),
    [
        ("The comparison", [comparison.ComparisonResult]),
        ("The agreement", [agreement.AgreementResult]),
        ("The participants", [DescribedParticipants]),
        ("An entry", [agreement.PairEntry, agreement.IntraEntry]),
        ("A coefficient", [agreement.CoefficientEstimate]),
        ("The plan", [plan.PlanResult]),
    ],
)
def test_the_page_has_every_field_with_its_type_and_no_other(heading, described):
    fields = {path: kinds for each in described for path, kinds in fields_of(each).items()}
    rows = {name.strip("`"): row for name, *row in table_below(PAGE, heading)}

    assert rows.keys() == fields.keys()
    for path, (kind, _, meaning, null) in rows.items():
        assert {kind} == {in_words(each) for each in fields[path] if each is not NoneType}, path
        assert null.startswith("never") == (NoneType not in fields[path]), path
        assert words_of(fields[path]) <= set(re.findall(r"`([^`]+)`", meaning)), path


def test_the_page_has_every_field_that_is_another_in_the_ordinal_comparison():
    fields, others = fields_of(ordinal.OrdinalResult), fields_of(comparison.ComparisonResult)
    rows = {name.strip("`"): row for name, *row in table_below(PAGE, "The ordinal comparison")}

    assert {path for path in fields if set(fields[path]) != set(others.get(path, ()))} <= rows.keys() <= fields.keys()
    for path, (kind, _, meaning, null) in rows.items():
        assert {kind} == ({in_words(each) for each in fields[path] if each is not NoneType} or {"null"}), path
        assert null.startswith("never") == (NoneType not in fields[path]), path
        assert words_of(fields[path]) <= set(re.findall(r"`([^`]+)`", meaning)), path


@pytest.mark.parametrize(("heading", "field"), [("Statuses", "status"), ("Methods", "method")])
def test_the_page_explains_every_status_and_every_method(heading, field):
    words = words_of(fields_of(comparison.ComparisonResult)[f"muscles[].{field}"])

    assert {word.strip("`") for word, _ in table_below(PAGE, heading)} == words


def fields_of(kind: Any) -> dict[str, list[Any]]:
    """List the fields of a TypedDict as the page writes them, each with the types that it may have."""
    found: dict[str, list[Any]] = defaultdict(list)
    for name, hint in get_type_hints(kind).items():
        _note(name, hint, found)
    return found


def _note(path: str, hint: Any, found: dict[str, list[Any]]) -> None:
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    if NoneType in kinds and any(get_origin(each) is list for each in kinds):  # null in the place of the list
        found[f"{path}[]"].append(NoneType)
        kinds = [each for each in kinds if each is not NoneType]
    for each in kinds:
        if get_origin(each) is list:
            _note(f"{path}[]", get_args(each)[0], found)
            continue
        found[path].append(each)
        if get_origin(each) is dict:
            _note(f"{path}.*", get_args(each)[1], found)
        elif is_typeddict(each) and each not in APART:
            for name, inner in get_type_hints(each).items():
                _note(f"{path}.{name}", inner, found)


def in_words(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return IN_WORDS[type(get_args(kind)[0])]
    return "object" if is_typeddict(kind) or get_origin(kind) is dict else IN_WORDS[kind]


def words_of(kinds: list[Any]) -> set[str]:
    """List the words that a field may hold, where they are known."""
    return {word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)}
