"""Settings of a study as one form changes them: under a lock, and only where they still are what its page showed."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from grading.forms.as_shown import SETTINGS_CHANGED, AsShownForm
from grading.models import Study
from grading.services.studies import lock_settings

Form = TypeVar("Form", bound=AsShownForm)
STORED = 200


def store_as_shown(
    request: HttpRequest, study: Study, bind: Callable[[Study], Form], store: Callable[[Form], object]
) -> tuple[Form | None, int]:
    """Lock a study's settings and store what a form brings; give the form, and STORED or the page's status.

    There is no form where the page is out of date: it is to show what is stored. ``study`` is as stored afterwards, and
    locked no more, so that nobody waits for a page.

    Args:
        bind: makes the form for the study whose row is locked.
        store: what is done with a form that is right; a ValidationError of it goes to the form.
    """
    form, status = _store(request, study, bind, store)
    study.refresh_from_db()
    return form, status


@transaction.atomic
def _store(
    request: HttpRequest, study: Study, bind: Callable[[Study], Form], store: Callable[[Form], object]
) -> tuple[Form | None, int]:
    form = bind(lock_settings(study))
    if form.is_out_of_date:
        messages.error(request, SETTINGS_CHANGED)
        return None, 409
    if not form.is_valid():
        return form, 422
    try:
        store(form)
    except ValidationError as error:
        form.add_error(None, error)
        return form, 422
    return form, STORED
