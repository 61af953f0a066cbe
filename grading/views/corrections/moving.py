"""Moving an MRI to the participant that it is of; and merging two participants who are one person.

Both are about another participant, who is asked for first.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from grading.access import Role, study_view
from grading.forms.mris import MergeForm, MoveForm
from grading.forms.participants import OtherForm
from grading.models import MRI, Participant, Study
from grading.services import participants as services
from grading.views.corrections.steps import Correction, Outlook, carry_through, participant_or_404
from grading.views.corrections.words import change, effect_in_words, placement_changes


class WithAnother(Correction):
    """A correction of two participants and all of their MRIs."""

    def __init__(self, study: Study, participant: Participant, other: Participant):
        super().__init__(study, participant)
        self.other = other

    @property
    def participants(self) -> list[Participant]:
        return [self.participant, self.other]

    @property
    def mris(self) -> QuerySet[MRI]:
        return MRI.objects.filter(participant__in=self.participants).select_related("participant")

    @property
    def codes(self) -> dict:
        return {participant.pk: participant.code for participant in self.participants}


class Move(WithAnother):
    lead = "All MRIs of both, as they shall be. The first MRI of each has day 0."
    button = "Move the MRI"

    def __init__(self, study: Study, mri: MRI, to: Participant):
        super().__init__(study, mri.participant, to)
        self.mri = mri
        self.title = f"Move MRI {mri.code} from {mri.participant.code} to {to.code}"

    def form(self, data=None) -> MoveForm:
        return MoveForm(data, mri=self.mri, to=self.other, mris=self.mris, seen=self.seen)

    def act(self, form: MoveForm) -> None:
        services.place_mris(
            participants=self.participants,
            placed=form.placed,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
        )

    def outlook(self, form: MoveForm, effect: services.Effect) -> Outlook:
        return Outlook(
            changes=list(placement_changes(form.mris, form.placed, self.codes)),
            sentences=effect_in_words(effect, is_renamed=True),
        )

    def done(self, form: MoveForm) -> str:
        return f"MRI {self.mri.code} belongs to {self.other.code} now."


class Merge(WithAnother):
    button = "Merge into one"

    def __init__(self, study: Study, participant: Participant, other: Participant):
        super().__init__(study, participant, other)
        self.title = f"Merge {other.code} into {participant.code}"
        self.lead = (
            f"For one person who was entered under two codes. {participant.code} stays and gets the MRIs of "
            f"{other.code}, which is deleted."
        )

    def form(self, data=None) -> MergeForm:
        return MergeForm(data, kept=self.participant, gone=self.other, mris=self.mris, seen=self.seen)

    def act(self, form: MergeForm) -> None:
        services.merge_participants(
            kept=self.participant,
            gone=participant_or_404(self.study, self.other.pk),
            chosen=form.chosen,
            placed=form.placed,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
        )

    def outlook(self, form: MergeForm, effect: services.Effect) -> Outlook:
        kept, gone = self.participants
        joined = services.joined(kept, gone, form.chosen)
        values = [
            change(kept.name_of(name), getattr(kept, name), value)
            for name, value in joined.items()
            if name in services.merged(kept) and getattr(kept, name) != value
        ]
        sentences = [f"{gone.code} is deleted; {kept.code} has the MRIs of both."]
        if joined["withdrawn_at"]:
            sentences.append(f"{kept.code} is withdrawn then, as one of them is now.")
        return Outlook(
            changes=[*values, *placement_changes(form.mris, form.placed, self.codes)],
            sentences=[*sentences, *effect_in_words(effect, is_renamed=True)],
        )

    def done(self, form: MergeForm) -> str:
        return f"{self.other.code} is merged into {self.participant.code}."


def mri_or_404(study: Study, pk: Any) -> MRI:
    try:
        return study.mris.select_related("participant__group", "participant__study").get(pk=pk)
    except MRI.DoesNotExist:
        raise Http404 from None


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def move_mri(request: HttpRequest, study: Study, pk) -> HttpResponse:
    mri = mri_or_404(study, pk)
    title, label = f"Move MRI {mri.code} of {mri.participant.code}", "Code of the participant whom it belongs to"
    return _with_another(request, mri.participant, title, label, lambda other: Move(study, mri, other))


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def merge(request: HttpRequest, study: Study, pk) -> HttpResponse:
    participant = participant_or_404(study, pk)
    title, label = (
        f"Merge another participant into {participant.code}",
        "Code of the participant who is the same person",
    )
    return _with_another(request, participant, title, label, lambda other: Merge(study, participant, other))


def _with_another(request: HttpRequest, participant: Participant, title: str, label: str, correction) -> HttpResponse:
    """Ask for the other participant, then go through the correction that ``correction`` makes of it."""
    asked = request.POST if request.method == "POST" else request.GET if "other" in request.GET else None
    form = OtherForm(asked, participant=participant, label=label)
    if asked is not None and form.is_valid():
        return carry_through(request, correction(form.cleaned_data["other"]))
    context = {"study": participant.study, "participant": participant, "title": title, "form": form}
    if participant.study.is_locked:
        context["why_not"] = services.STUDY_IS_LOCKED
    return render(request, "grading/correction_other.html", context, status=422 if asked is not None else 200)
