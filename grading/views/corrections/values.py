"""Correcting code, group and clinical values, and the codes, years and days of MRIs."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from grading.access import Role, study_view
from grading.forms.mris import MRIsForm
from grading.forms.participants import ValuesForm
from grading.models import MRI, Study
from grading.services import participants as services
from grading.views.corrections.steps import Correction, Outlook, carry_through, participant_or_404
from grading.views.corrections.words import change, effect_in_words, placement_changes, questions_of_code

_RESTRICTING = ("sex", "autoantibody")


class Values(Correction):
    title = "Correct code, group and clinical values"
    lead = "Change what is wrong, and fill in what was missing. An empty field means that a value is not known."
    button = "Store the correction"

    def form(self, data=None) -> ValuesForm:
        return ValuesForm(data, participant=self.participant, seen=self.seen)

    def act(self, form: ValuesForm) -> None:
        participant = participant_or_404(self.study, self.participant.pk)
        services.correct_participant(
            participant=participant,
            values=form.values,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
        )

    def outlook(self, form: ValuesForm, effect: services.Effect) -> Outlook:
        pairs = {name: (getattr(self.participant, name), value) for name, value in form.values.items()}
        changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        sentences = effect_in_words(effect, is_renamed=bool({"code", "group"} & changed.keys()))
        if any(name in changed for name in _RESTRICTING):
            sentences.append("Comparisons within a subgroup by sex or autoantibody may change.")
        return Outlook(
            changes=[change(str(form.fields[name].label or name), *pair) for name, pair in changed.items()],
            sentences=sentences,
            questions=self._questions(form.values["code"]) if "code" in changed else (),
        )

    def _questions(self, code: str) -> list[str]:
        others = self.study.participants.exclude(pk=self.participant.pk).values_list("code", flat=True)
        return questions_of_code(code, list(others))

    def done(self, form: ValuesForm) -> str:
        return f"Corrected: {form.values['code']}."


class MRIs(Correction):
    title = "Correct MRIs"
    lead = (
        "Codes, scan years, and days since the first MRI, which has 0. The comparison takes each participant's first "
        "MRI alone."
    )
    button = "Store the correction"

    @property
    def mris(self) -> QuerySet[MRI]:
        return self.participant.mris.select_related("participant")

    def why_not(self) -> str | None:
        return None if self.mris.exists() else f"{self.participant.code} has no MRI."

    def form(self, data=None) -> MRIsForm:
        return MRIsForm(data, mris=self.mris, seen=self.seen)

    def act(self, form: MRIsForm) -> None:
        services.place_mris(
            participants=self.participants,
            placed=form.placed,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
        )

    def outlook(self, form: MRIsForm, effect: services.Effect) -> Outlook:
        changes = list(placement_changes(form.mris, form.placed, {self.participant.pk: self.participant.code}))
        codes = [each.code for each in form.placed]
        stored = {mri.code for mri in form.mris}
        return Outlook(
            changes=changes,
            sentences=effect_in_words(effect, is_renamed=any(each.what.startswith("code") for each in changes)),
            questions=[
                question
                for code in codes
                if code not in stored
                for question in questions_of_code(code, [other for other in codes if other != code])
            ],
        )

    def done(self, form: MRIsForm) -> str:
        return f"Corrected: the MRIs of {self.participant.code}."


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def correct(request: HttpRequest, study: Study, pk) -> HttpResponse:
    return carry_through(request, Values(study, participant_or_404(study, pk)))


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def correct_mris(request: HttpRequest, study: Study, pk) -> HttpResponse:
    return carry_through(request, MRIs(study, participant_or_404(study, pk)))
