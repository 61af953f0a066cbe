"""Noting that a participant has withdrawn, and taking that back."""

from django.http import HttpRequest, HttpResponse

from grading.access import Role, SignedInRequest, study_view
from grading.forms.participants import CorrectionForm
from grading.models import Participant, Study
from grading.services import participants as services
from grading.views.corrections.steps import Correction, Outlook, carry_through, participant_or_404
from grading.views.corrections.words import effect_in_words, reads


class Withdrawal(Correction):
    title = "Withdraw"
    lead = (
        "For a participant who no longer takes part, such as one who has withdrawn their consent. What was read of "
        "them is kept, but is in no comparison any more, and their readers can no longer reach it."
    )
    button = "Withdraw the participant"

    def __init__(self, study: Study, participant: Participant, by):
        super().__init__(study, participant)
        self.by = by

    def why_not(self) -> str | None:
        return f"{self.participant.code} has withdrawn already." if self.participant.is_withdrawn else None

    def act(self, form: CorrectionForm) -> None:
        services.withdraw_participant(participant=self.participant, by=self.by, **form.cleaned_data)

    def outlook(self, form: CorrectionForm, effect: services.Effect) -> Outlook:
        sentences = [
            f"{reads(effect.signed_off)} and {reads(effect.open, 'open')} of {self.participant.code} are kept."
        ]
        if effect.open:
            sentences.append(
                f"{reads(effect.open, 'open')} can no longer be opened by the reader. A reader who has one open is "
                "told that the case was taken out, without a name."
            )
        sentences += effect_in_words(effect)
        sentences.append("The participant is counted as withdrawn, also in exports. This can be taken back.")
        return Outlook(sentences=sentences)

    def done(self, form: CorrectionForm) -> str:
        return f"{self.participant.code} is withdrawn."


class WithdrawalTakenBack(Correction):
    title = "Take the withdrawal back"
    lead = "For a participant who was withdrawn by mistake, or who takes part again."
    button = "Take the withdrawal back"

    def why_not(self) -> str | None:
        if self.participant.is_withdrawn:
            return None
        return f"{self.participant.code} takes part: there is no withdrawal to take back."

    def act(self, form: CorrectionForm) -> None:
        services.take_withdrawal_back(participant=self.participant, **form.cleaned_data)

    def outlook(self, form: CorrectionForm, effect: services.Effect) -> Outlook:
        sentences = effect_in_words(effect)
        if effect.open:
            sentences.append(f"{reads(effect.open, 'open')} can be opened again by the reader.")
        return Outlook(sentences=sentences)

    def done(self, form: CorrectionForm) -> str:
        return f"{self.participant.code} takes part again."


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def withdraw(request: SignedInRequest, study: Study, pk) -> HttpResponse:
    return carry_through(request, Withdrawal(study, participant_or_404(study, pk), request.user))


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def take_back(request: HttpRequest, study: Study, pk) -> HttpResponse:
    return carry_through(request, WithdrawalTakenBack(study, participant_or_404(study, pk)))
