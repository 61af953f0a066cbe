"""The steps that every correction takes: a form, a page that says what will happen, and only then the correction.

A page's form carries what was shown when it was made. Where that is no longer what is stored, nothing is done.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from grading.forms.participants import CorrectionForm
from grading.forms.refused import add_refusal
from grading.models import Participant, Study
from grading.models.covariate import load_covariates
from grading.services import participants as services
from grading.views.corrections.words import Change


@dataclass(frozen=True)
class Outlook:
    """What will happen, in words: what changes from what to what, what else follows, and what to look at again."""

    changes: Sequence[Change] = ()
    sentences: Sequence[str] = ()
    questions: Sequence[str] = ()


class Correction(ABC):
    """One kind of correction of one participant, as its page shows and does it."""

    title: str
    lead: str  # what it is for, above the form
    button: str  # of the page that says what will happen
    with_reads = False  # whether the page rests on the reads, so that none may have changed

    def __init__(self, study: Study, participant: Participant):
        self.study, self.participant = study, participant

    @property
    def participants(self) -> list[Participant]:
        """List those whose rows the correction changes."""
        return [self.participant]

    @property
    def seen(self) -> str:
        return services.seen_of(self.participants, with_reads=self.with_reads)

    @property
    def then(self) -> str:
        """Find the address to go on to, and to go back to."""
        return reverse("participant", args=[self.study.slug, self.participant.pk])

    def why_not(self) -> str | None:
        """Say why this cannot be done; None where it can."""
        return None

    def form(self, data: Any = None) -> CorrectionForm:
        """Make the form: one that asks for the reason alone, where nothing else is to be said."""
        return CorrectionForm(data, seen=self.seen)

    @abstractmethod
    def act(self, form: Any) -> None:
        """Make the correction. Raises what services.participants raise."""

    @abstractmethod
    def outlook(self, form: Any, effect: services.Effect) -> Outlook: ...

    @abstractmethod
    def done(self, form: Any) -> str:
        """Say in a sentence that it was done."""


def participant_or_404(study: Study, pk: Any) -> Participant:
    try:
        found = study.participants.select_related("group", "site", "study", "withdrawn_by").get(pk=pk)
    except Participant.DoesNotExist:
        raise Http404 from None
    load_covariates([found])
    return found


def carry_through(request: HttpRequest, correction: Correction) -> HttpResponse:
    """Take the step that a request asks for."""
    if problem := _why_not(correction):
        status = 200 if request.method in ("GET", "HEAD") else 422
        return _show(request, correction, None, status=status, why_not=problem)
    if request.method in ("GET", "HEAD"):
        return _show(request, correction, correction.form())
    if request.POST.get("seen") not in (None, "", correction.seen):
        return _out_of_date(request, correction)
    form = correction.form(request.POST)
    if not form.is_valid():
        return _show(request, correction, form, status=422)
    if "back" in request.POST:
        return _show(request, correction, form)
    try:
        return _confirm_or_do(request, correction, form)
    except services.ChangedMeanwhile:
        return _out_of_date(request, correction)
    except (ValidationError, IntegrityError) as error:
        add_refusal(form, error)
        return _show(request, correction, form, status=422)


def _why_not(correction: Correction) -> str | None:
    return services.STUDY_IS_LOCKED if correction.study.is_locked else correction.why_not()


def _confirm_or_do(request: HttpRequest, correction: Correction, form: CorrectionForm) -> HttpResponse:
    if "confirmed" not in request.POST:
        effect = services.effect_of(lambda: correction.act(form), correction.participants)
        context = {"study": correction.study, "correction": correction, "form": form}
        context |= {"outlook": correction.outlook(form, effect), "hidden": [field.as_hidden() for field in form]}
        return render(request, "grading/correction_outlook.html", context)
    correction.act(form)
    messages.success(request, correction.done(form))
    return redirect(correction.then)


def _out_of_date(request: HttpRequest, correction: Correction) -> HttpResponse:
    """Show a new form, with what is stored now."""
    return _show(request, correction, correction.form(), status=409, errors=[str(services.ChangedMeanwhile())])


def _show(
    request: HttpRequest, correction: Correction, form: CorrectionForm | None, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"study": correction.study, "correction": correction, "form": form}
    return render(request, "grading/correction.html", context, status=status)
