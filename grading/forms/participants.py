"""The forms of a participant's page: the list's filter, values, a reason, and which other participant is meant."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms

from grading.ages import MAX_AGE_YEARS, TOP_AGE_YEARS, stored_age
from grading.codes.spelling import composed, why_unseen
from grading.limits import MAX_CK_U_PER_L, MAX_COVARIATE, MAX_DURATION_MONTHS, MAX_REASON_LENGTH
from grading.models import Covariate, DiagnosisGroup, Participant, Study, StudySite
from grading.models.participant import ParticipantQuerySet
from grading.services.participants import clinical_of, differing
from thighsite.limiting import limited_to

MAX_CODE_LENGTH = Participant._meta.get_field("code").max_length
GONE = "withdrawn"
TAKING_PART = [("", "everybody"), ("yes", "those who take part"), (GONE, "those who have withdrawn")]
FIGURES = {"step": "any", "min": "0"}  # of browsers' own number fields


class CodeField(forms.CharField):
    """A code as it is stored: NFC, and nothing in it that cannot be seen."""

    def __init__(self, **options):
        super().__init__(max_length=MAX_CODE_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)

    def clean(self, value):
        code = composed(super().clean(value))
        if problem := why_unseen(code):
            raise forms.ValidationError(f"The code {problem}.")
        return code


class ParticipantFilter(forms.Form):
    """Whom the list shows. Nothing chosen shows everybody."""

    code = forms.CharField(label="Code contains", required=False, max_length=MAX_CODE_LENGTH)
    group = forms.ModelChoiceField(DiagnosisGroup.objects.none(), required=False, empty_label="every group")
    site = forms.ModelChoiceField(
        StudySite.objects.none(), label="Study site", required=False, empty_label="every study site"
    )
    who = forms.ChoiceField(label="Show", required=False, choices=TAKING_PART)

    def __init__(self, data, *, study: Study):
        super().__init__(data)
        self.study = study
        cast(forms.ModelChoiceField, self.fields["group"]).queryset = study.groups.all()
        cast(forms.ModelChoiceField, self.fields["site"]).queryset = study.sites.all()
        if limited_to() or not study.sites.exists():
            del self.fields["site"]

    def participants(self) -> ParticipantQuerySet:
        """Choose the participants; nobody for what cannot be chosen."""
        found = Participant.objects.filter(study=self.study).for_list()
        if not self.is_valid():
            return found.none()
        chosen = self.cleaned_data
        if chosen["code"]:
            found = found.filter(code__icontains=composed(chosen["code"]))
        if chosen["group"]:
            found = found.filter(group=chosen["group"])
        if chosen.get("site"):
            found = found.filter(site=chosen["site"])
        if chosen["who"]:
            found = found.withdrawn() if chosen["who"] == GONE else found.taking_part()
        return found


class CorrectionForm(forms.Form):
    """Why something is corrected; and what the page showed (services.participants.seen_of)."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        max_length=MAX_REASON_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Kept in the trail with your name, the time, and what was stored before.",
    )

    def __init__(self, data=None, *, seen: str, **options):
        super().__init__(data, **options)
        self.initial.setdefault("seen", seen)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def plain_fields(self) -> list[forms.BoundField]:
        """List the fields that the page shows one below the other."""
        return list(self.visible_fields())


class ValuesForm(CorrectionForm):
    """Code, group and clinical values of a participant, whose covariates are loaded."""

    code = CodeField()
    group = forms.ModelChoiceField(DiagnosisGroup.objects.none(), empty_label=None)
    sex = forms.ChoiceField(required=False, choices=[("", "not known"), *Participant.Sex.choices])
    age_years = forms.IntegerField(
        label="Age at the first MRI, in years",
        required=False,
        min_value=0,
        max_value=MAX_AGE_YEARS,
        help_text=f"Over 89 it tells who somebody is: stored as {TOP_AGE_YEARS}, which means {TOP_AGE_YEARS} or more.",
    )
    autoantibody = forms.CharField(required=False, max_length=MAX_CODE_LENGTH)
    ck_u_per_l = forms.FloatField(
        label="Creatine kinase, in U/L",
        required=False,
        min_value=0,
        max_value=MAX_CK_U_PER_L,
        widget=forms.NumberInput(attrs=FIGURES),
    )
    disease_duration_months = forms.FloatField(
        label="Disease duration, in months",
        required=False,
        min_value=0,
        max_value=MAX_DURATION_MONTHS,
        widget=forms.NumberInput(attrs=FIGURES),
    )

    def __init__(self, data=None, *, participant: Participant, seen: str):
        self.names = ("code", "group", *self._site_of(participant), *clinical_of(participant))
        super().__init__(data, seen=seen, initial={name: getattr(participant, name) for name in self.names})
        self.fields |= {name: _field_of(covariate) for name, covariate in participant.own_covariates.items()}
        if "site" in self.names:
            sites = participant.study.sites.all()
            self.fields["site"] = forms.ModelChoiceField(sites, label="Study site", required=False, empty_label="none")
        self.order_fields([*self.names, "reason"])
        cast(forms.ModelChoiceField, self.fields["group"]).queryset = participant.study.groups.all()

    @staticmethod
    def _site_of(participant: Participant) -> tuple[str, ...]:
        """Name the study site, where the study has any; nobody moves a participant who is limited to one."""
        return ("site",) if limited_to() is None and participant.study.sites.exists() else ()

    def clean_autoantibody(self) -> str:
        autoantibody = composed(self.cleaned_data["autoantibody"])
        if problem := why_unseen(autoantibody):
            raise forms.ValidationError(f"The autoantibody {problem}.")
        return autoantibody

    def clean_age_years(self) -> int | None:
        age = self.cleaned_data["age_years"]
        return None if age is None else stored_age(age)

    @property
    def values(self) -> Mapping[str, Any]:
        """Give the values as services.participants.correct_participant takes them."""
        return {name: self.cleaned_data[name] for name in self.names}


def _field_of(covariate: Covariate) -> forms.Field:
    """Make the field of a covariate that the study defines."""
    if covariate.kind == Covariate.Kind.LEVELS:
        choices = [("", "not known"), *((level, level) for level in covariate.level_list)]
        return forms.ChoiceField(label=covariate.title, required=False, choices=choices)
    return forms.FloatField(
        label=covariate.title,
        required=False,
        min_value=-MAX_COVARIATE,
        max_value=MAX_COVARIATE,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )


class OtherForm(forms.Form):
    """Another participant of the study, by code."""

    other = CodeField(label="Code of the other participant")

    def __init__(self, data=None, *, participant: Participant, label: str, **options):
        super().__init__(data, **options)
        self.participant = participant
        self.fields["other"].label = label

    def clean_other(self) -> Participant:
        code = self.cleaned_data["other"]
        found = Participant.objects.filter(study=self.participant.study_id, code=code).select_related("group").first()
        if found is None:
            raise forms.ValidationError(f"The study has no participant {code}. Capitals matter.")
        if found.pk == self.participant.pk:
            raise forms.ValidationError(f"{code} is this participant. Give the code of another.")
        return found


def choices_between(kept: Participant, gone: Participant) -> dict[str, forms.ChoiceField]:
    """Make a field for each value that differs between two participants, with the two to choose from."""
    return {
        name: forms.ChoiceField(
            label=kept.name_of(name),
            choices=[("kept", f"{values[0]} (of {kept.code})"), ("gone", f"{values[1]} (of {gone.code})")],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose which of the two is right."},
        )
        for name, values in differing(kept, gone).items()
    }
