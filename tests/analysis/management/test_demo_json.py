"""The demo's comparisons and agreement as JSON, beside what the command line printed when its contract was made.

tests/reference/demo.compare.json and demo.agreement.json: ten significant digits, versions left out. Keys may be added,
none may go, and numbers may change only as far as docs/statistics.md holds them against R.
"""

import json
from collections.abc import Iterator
from io import StringIO
from math import isclose
from typing import Any

import pytest
from django.core.management import call_command

from grading.demo.load import load_demo
from tests.made_once import made_once
from tests.reference_cohorts import FOLDER

# Relative; of every other number 1e-9, beside a least difference for what is 0 but for rounding.
TOLERANCES = {"estimate": 1e-5, "se": 1e-5, "df": 1e-3, "statistic": 1e-4, "p": 1e-3, "p_holm": 1e-3} | dict.fromkeys(
    ("ci_low", "ci_high", "value"), 1e-5
)
NEAR_ZERO, LEAST_P = 1e-8, 1e-12


demo = made_once(load_demo)


def printed(command: str, study: str, **options: str) -> Any:
    out = StringIO()
    call_command(command, study=study, format="json", stdout=out, **options)
    return json.loads(out.getvalue())


def stored(command: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"demo.{command}.json").read_text())


def broken(before: Any, now: Any, key: str = "", path: str = "") -> Iterator[str]:
    """Each place where the JSON of now does not keep what it promised before."""
    if isinstance(before, dict) and isinstance(now, dict):
        yield from (f"{path}: no {name}" for name in before.keys() - now.keys())
        for name in before.keys() & now.keys():
            yield from broken(before[name], now[name], name, f"{path}/{name}")
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for place, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from broken(old, new, key, f"{path}/{place}")
    elif isinstance(before, float) and isinstance(now, float):
        least = LEAST_P if key.startswith("p") else NEAR_ZERO
        if not isclose(before, now, rel_tol=TOLERANCES.get(key, 1e-9), abs_tol=least):
            yield f"{path}: {now} instead of {before}"
    elif type(before) is not type(now) or before != now:
        yield f"{path}: {now!r} instead of {before!r}"


@pytest.mark.django_db
def test_comparisons_of_the_demo_keep_their_keys_and_numbers(demo):
    before = stored("compare")

    now = {
        question: printed("compare", study, set=analysis_set, model=model)
        for question in before
        for study, analysis_set, model in [question.split()]
    }

    assert len(before) == 8
    assert list(broken(before, now)) == []


@pytest.mark.django_db
def test_agreement_of_the_demo_keeps_its_keys_and_numbers(demo):
    before = stored("agreement")

    now = {study: printed("agreement", study) for study in before}

    assert len(before) == 2
    assert list(broken(before, now)) == []


def test_what_breaks_the_contract_is_found():
    before = {"p": 0.0123, "n": 3, "note": "", "muscles": [{"se": 0.5}, {"se": None}]}

    assert list(broken(before, before | {"terms": {}})) == []
    assert list(broken(before, {"p": 0.0123 * 1.002, "n": 3.0, "muscles": [{"se": 0.5}, {"se": 0.5}]})) != []
    assert sorted(broken(before, {"p": 0.0123, "n": 4, "muscles": [{}, {"se": None}]})) == [
        "/muscles/0: no se",
        "/n: 4 instead of 3",
        ": no note",
    ]
