"""The covariates that a study defines, as its page of settings takes them: all of them together."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import inlineformset_factory

from grading.forms.rows import StudyRowsFormSet
from grading.limits import MAX_COVARIATES
from grading.models import Covariate, Study

NEW_ROWS = 2  # of a study that has none yet


class CovariateForm(forms.ModelForm):
    """One covariate. Once participants have values, its name, kind and unit stay, and levels are only added."""

    class Meta:
        model = Covariate
        fields = ("name", "label", "unit", "kind", "levels")
        labels = {"kind": "Type"}
        widgets = {"levels": forms.Textarea(attrs={"rows": 3, "cols": 18})}


class CovariatesFormSet(StudyRowsFormSet):
    """The covariates that a study has after saving."""

    row_name = "covariate"
    default_error_messages = {
        **StudyRowsFormSet.default_error_messages,
        "too_many_forms": "A study defines %(num)d covariates at most.",
    }

    def find_in_use(self) -> set[Any]:
        """Fetch the covariates of which participants have values, and which so stay."""
        return set() if self.instance._state.adding else set(
            self.instance.covariates.filter(values__isnull=False).values_list("pk", flat=True)
        )  # fmt: skip

    def clean(self) -> None:
        if any(self.errors):
            return
        super().clean()
        for form in self.initial_forms:
            if form.instance.pk in self.in_use:
                _check_kept(form)


def _check_kept(form: Any) -> None:
    """Refuse what would give another meaning to values that participants have."""
    initial, covariate = form.initial, form.instance
    stays = (initial["name"], initial["kind"]) == (covariate.name, covariate.kind)
    stays = stays and initial["unit"] in ("", covariate.unit)  # one that nobody gave can be said later
    if not stays or not f"{covariate.levels}\n".startswith(f"{initial['levels']}\n"):
        raise ValidationError(
            f"Participants have values of {initial['name']}: its name, type, unit and levels stay as they are. "
            "Further levels can be added behind the last."
        )


def covariates_of(study: Study, data: Any = None) -> CovariatesFormSet:
    """Make the form of a study's covariates, with rows for more."""
    rows = NEW_ROWS if study._state.adding else 1
    made = inlineformset_factory(
        Study,
        Covariate,
        form=CovariateForm,
        formset=CovariatesFormSet,
        extra=rows,
        max_num=MAX_COVARIATES,
        validate_max=True,
        can_delete_extra=False,
    )
    return cast(CovariatesFormSet, made(data, instance=study, prefix="covariates"))
