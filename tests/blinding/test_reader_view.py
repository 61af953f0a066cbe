"""The allow-list of what readers receive: values alone, all the way down, and templates that take nothing else."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from django.conf import settings
from django.db import models
from django.test import RequestFactory

from grading.forms.sheet import GradingForm, Sheet
from grading.models import Study
from grading.reader_view import READER_PAGES, render_reader_page
from tests.builders import make_mri, make_participant, make_read

VALUES = {str, int, bool, UUID, type(None)}
# What a reader's page takes of the account and of the request, which Django gives to every template.
OF_EVERYBODY = {
    "user.username", "user.get_full_name", "user.is_authenticated", "request.method", "request.get_full_path",
}  # fmt: skip
LOOKED_UP = re.compile(r"\b(user|request)((?:\.\w+)+)")
INCLUDED = re.compile(r"{%\s*(?:include|extends)\s+\"([^\"]+)\"")


def types_within(kind) -> set[type]:
    """Find every type that can be reached from one: arguments of generics, fields of dataclasses and named tuples."""
    if get_origin(kind) is not None or get_args(kind):
        return set().union(*(types_within(part) for part in get_args(kind) if part is not Ellipsis))
    if not is_dataclass(kind) and not hasattr(kind, "_fields"):
        return {kind}
    names = [field.name for field in fields(kind)] if is_dataclass(kind) else kind._fields
    return set().union(*(types_within(get_type_hints(kind)[name]) for name in names))


@pytest.mark.parametrize("page", READER_PAGES)
def test_pages_hold_values_alone(page):
    reached = types_within(page) - {GradingForm}

    assert {kind for kind in reached if kind.__module__ != "datetime"} <= VALUES


def test_form_of_the_grading_page_holds_values_alone():
    assert types_within(Sheet) <= VALUES


@pytest.mark.django_db
def test_form_reaches_no_model():
    participant = make_participant(study := make_read().study)
    form = GradingForm(sheet=Sheet.of(make_read(mri=make_mri(participant), scores=[1, 2], study=study)))

    def reached(thing, depth=0):
        if isinstance(thing, models.Model | models.QuerySet):
            return [thing]
        parts = thing.values() if isinstance(thing, dict) else getattr(thing, "__dict__", {}).values()
        return [found for part in parts if depth < 6 for found in reached(part, depth + 1)]

    assert reached(form) == []


def test_anything_else_is_no_page_for_readers():
    with pytest.raises(TypeError, match="no page for readers"):
        render_reader_page(RequestFactory().get("/"), Study())


def templates_of(name: str) -> set[str]:
    """A template with those that it includes or extends."""
    text = Path(settings.BASE_DIR, "templates", name).read_text()
    return {name}.union(*(templates_of(other) for other in INCLUDED.findall(text)))


@pytest.mark.parametrize("page", READER_PAGES)
def test_templates_take_little_of_account_and_request(page):
    """From ``user.reads`` a template could go on to participants."""
    texts = [Path(settings.BASE_DIR, "templates", name).read_text() for name in templates_of(page.template)]

    found = {match[0] for text in texts for match in LOOKED_UP.finditer(text)}

    assert found <= OF_EVERYBODY
