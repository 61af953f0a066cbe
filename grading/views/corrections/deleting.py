"""Deleting a participant or an MRI that was entered by mistake."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from grading.access import Role, study_view
from grading.forms.mris import RemainingForm
from grading.forms.participants import CorrectionForm
from grading.models import MRI, Participant, Read, Study
from grading.services import participants as services
from grading.views.corrections.moving import mri_or_404
from grading.views.corrections.steps import Correction, Outlook, carry_through, participant_or_404
from grading.views.corrections.words import effect_in_words, placement_changes, reads


class ParticipantDeletion(Correction):
    title = "Delete the participant"
    lead = (
        "For a participant who was entered by mistake. The MRIs and the open reads are deleted too; the trail keeps "
        "what they were. Somebody who no longer takes part is withdrawn instead."
    )
    button = "Delete for good"
    with_reads = True

    @property
    def then(self) -> str:
        is_there = Participant.objects.filter(pk=self.participant.pk).exists()
        return super().then if is_there else reverse("participants", args=[self.study.slug])

    def why_not(self) -> str | None:
        return services.why_kept(Read.objects.filter(mri__participant=self.participant))

    def act(self, form: CorrectionForm) -> None:
        services.delete_participant(
            participant=participant_or_404(self.study, self.participant.pk), **form.cleaned_data
        )

    def outlook(self, form: CorrectionForm, effect: services.Effect) -> Outlook:
        mris = [mri.code for mri in self.participant.mris.all()]
        sentences = [f"Participant {self.participant.code} is deleted"]
        sentences[0] += (
            f", with {'MRI' if len(mris) == 1 else 'MRIs'} {', '.join(mris)}." if mris else ". There is no MRI."
        )
        return Outlook(sentences=[*sentences, *_lost(effect.open), *effect_in_words(effect)])

    def done(self, form: CorrectionForm) -> str:
        return f"{self.participant.code} is deleted. The trail keeps what was stored."


class MRIDeletion(Correction):
    lead = (
        "For an MRI that was entered by mistake or twice. Its open reads are deleted too; the trail keeps what they "
        "were. An MRI of somebody else is moved instead."
    )
    button = "Delete for good"
    with_reads = True

    def __init__(self, study: Study, mri: MRI):
        super().__init__(study, mri.participant)
        self.mri = mri
        self.title = f"Delete MRI {mri.code}"

    def why_not(self) -> str | None:
        return services.why_kept(self.mri.reads.all())

    def form(self, data=None) -> RemainingForm:
        remaining = self.participant.mris.exclude(pk=self.mri.pk).select_related("participant")
        return RemainingForm(data, mris=remaining, seen=self.seen)

    def act(self, form: RemainingForm) -> None:
        services.delete_mri(
            mri=mri_or_404(self.study, self.mri.pk),
            remaining=form.placed,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
        )

    def outlook(self, form: RemainingForm, effect: services.Effect) -> Outlook:
        codes = {self.participant.pk: self.participant.code}
        return Outlook(
            changes=list(placement_changes(form.mris, form.placed, codes)),
            sentences=[
                f"MRI {self.mri.code} of {self.participant.code} is deleted.",
                *_lost(self.mri.reads.count()),
                *effect_in_words(effect),
            ],
        )

    def done(self, form: RemainingForm) -> str:
        return f"MRI {self.mri.code} is deleted. The trail keeps what was stored."


def _lost(open_reads: int) -> list[str]:
    return [f"{reads(open_reads, 'open')} and what was graded in them: deleted."] if open_reads else []


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def delete(request: HttpRequest, study: Study, pk) -> HttpResponse:
    return carry_through(request, ParticipantDeletion(study, participant_or_404(study, pk)))


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def delete_mri(request: HttpRequest, study: Study, pk) -> HttpResponse:
    return carry_through(request, MRIDeletion(study, mri_or_404(study, pk)))
