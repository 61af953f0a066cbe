"""The diagnosis groups of a study, as its page in the site administration takes them: all of them together."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint

from grading.codes.nearness import are_near
from grading.codes.similarity import are_similar
from grading.codes.suspicion import why_mangled
from grading.models import DiagnosisGroup
from grading.services.reasons import checked_reason

ACCEPT_SIMILAR = "accept_similar"
RENAMED = {"code", "name", "is_reference"}


class GroupForm(forms.ModelForm):
    class Meta:
        model = DiagnosisGroup
        fields = ("code", "name", "colour", "is_reference")
        widgets = {"code": forms.TextInput(attrs={"size": 12}), "name": forms.TextInput(attrs={"size": 32}),
                   "colour": forms.TextInput(attrs={"size": 8})}  # fmt: skip

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if "code" in self.changed_data and (why := why_mangled(code)):
            raise ValidationError(f"'{code}' {why}.")
        return code

    def validate_constraints(self) -> None:
        """Leave the reference to the groups together: it may go from one to the other."""
        exclude = self._get_validation_exclusions()  # type: ignore[attr-defined]
        for constraint in self.instance._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and constraint.condition is not None:
                continue
            try:
                constraint.validate(DiagnosisGroup, self.instance, exclude=exclude)
            except ValidationError as error:
                self.add_error(None, error)


class GroupsFormSet(forms.BaseInlineFormSet):
    """The groups that a study has after saving. One alone is the reference, and none is taken for another unasked."""

    similar: list[str]  # what has to be accepted

    @staticmethod
    def reason_in(data: Mapping[str, Any]) -> str:
        return str(data.get("reason", "")).strip()

    def clean(self) -> None:
        self.similar = []
        if any(self.errors):
            return
        self._check_deleted()  # before Django says it, in words of its own
        super().clean()
        kept = [form.instance for form in self._kept()]
        if not kept and not self.initial_forms:
            return  # the first participants file brings them
        if len(kept) < 2:
            raise ValidationError(
                "A study compares groups: enter two, each with a code, a name and a colour; or none, then the first "
                "participants file brings them."
            )
        if sum(group.is_reference for group in kept) != 1:
            raise ValidationError("Exactly one group is the reference: differences are the other group minus this one.")
        if len({group.colour.upper() for group in kept}) < len(kept):
            raise ValidationError("Two groups have one colour, and could not be told apart in the figures.")
        self._ask_about_similar()
        if self._needs_reason():
            checked_reason(self.reason_in(self.data), "the reason why a group is renamed or is the reference now")

    def save(self, commit: bool = True) -> list[DiagnosisGroup]:
        """Store the groups; first what is the reference no more, since there is never more than one."""
        if commit:
            was = {form.instance.pk for form in self.initial_forms if form.initial.get("is_reference")}
            remains = {form.instance.pk for form in self._kept() if form.instance.is_reference}
            DiagnosisGroup.objects.filter(pk__in=was - remains).update(is_reference=False)
        return super().save(commit)

    def _kept(self) -> list[forms.ModelForm]:
        deleted = self.deleted_forms
        extra = (form for form in self.extra_forms if form.has_changed())
        return [form for form in chain(self.initial_forms, extra) if form not in deleted]

    def _check_deleted(self) -> None:
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.participants.exists():
                raise ValidationError(
                    f"The group {form.instance.code} has participants, and stays. A misspelt code is put right here; "
                    "a participant in the wrong group is corrected on the participant's page."
                )

    def _ask_about_similar(self) -> None:
        """Refuse codes that are easily taken for one another until somebody says that they are different groups."""
        codes = [form.instance.code for form in self._kept()]
        new = [form.instance.code for form in self._kept() if "code" in form.changed_data]
        self.similar = [
            f"{code} is easily taken for the group {other}."
            for code in new
            for other in codes
            if other != code and (are_similar(code, other) or are_near(code, other))
        ]
        if self.similar and ACCEPT_SIMILAR not in self.data:
            raise ValidationError([*self.similar, "If they are different groups, say so at the top of the page."])

    def _needs_reason(self) -> bool:
        return any(RENAMED & set(form.changed_data) for form in self.initial_forms if form not in self.deleted_forms)
