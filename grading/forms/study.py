"""A study as its coordinator sets it up, and changes it later: its settings, and its groups."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import inlineformset_factory
from django.utils.text import slugify

from grading.forms.as_shown import AsShownForm
from grading.forms.groups import GroupForm, GroupsFormSet
from grading.forms.rows import StudyRowsFormSet
from grading.limits import MAX_CALIBRATION_CASES, MAX_GRACE_MINUTES, MAX_READERS_PER_MRI, MAX_REASON_LENGTH
from grading.models import DiagnosisGroup, Study
from grading.models.study import SEQUENCE_CHOICES, TARGETS_OF_AGREEMENT, TWO_SEQUENCES

LOCKED = "The study is locked."
READ = "There are reads: it stays as it is."
STAYS = "Stays once there are reads."
TARGET = "Give a number from 0 to 1; leave it empty for no target."
CHECKBOXES = ("password_at_sign_off", "hides_comparison")
# Okabe and Ito's, safe for the colour-blind; the first two are for the first two groups.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#999999")
ROWS = 4  # for the groups of a new study


def fixed_settings(study: Study) -> dict[str, str]:
    """Say of each setting that can no longer change why not."""
    if study.is_locked:
        return dict.fromkeys(("slug", "sides", "readers_per_mri", *TARGETS_OF_AGREEMENT), LOCKED)
    fixed = {"slug": READ, "sides": READ} if study.reads.exists() else {}
    return fixed | ({"readers_per_mri": READ} if study.has_reads_of_its_own else {})


class StudySettingsForm(AsShownForm):
    """What a coordinator may set for the whole study.

    What a program does not send of a study that is stored stays as it is, but for a box that is not ticked.
    """

    reason = forms.CharField(
        label="Reason for the change",
        max_length=MAX_REASON_LENGTH,
        required=False,
        help_text="Needed where a group gets another code or name, or another group is the reference. The trail keeps "
        "it, with what was changed.",
    )

    class Meta:
        model = Study
        fields = (
            "title",
            "slug",
            "reader_title",
            "sides",
            "readers_per_mri",
            "wash_out_days",
            "left_sequence",
            "right_sequence",
            "password_at_sign_off",
            "grace_minutes",
            "calibration_cases",
            "calibration_icc",
            *TARGETS_OF_AGREEMENT,
            "hides_comparison",
        )
        labels = {"title": "Name", "sides": "Thighs"}
        help_texts = {
            "title": "For coordinators and investigators. It may name the groups.",
            "slug": f"In addresses and names of files: small letters, digits and hyphens. {STAYS}",
            "sides": STAYS,
            "readers_per_mri": "Drawn at random from the study’s readers, each with as many MRIs as the others. "
            f"Empty: every reader reads every MRI. {STAYS}",
        }
        error_messages = {"slug": {"unique": "Another study has this short name."}}

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.is_new = self.instance._state.adding
        self.fixed = {} if self.is_new else fixed_settings(self.instance)
        self.fields["grace_minutes"].error_messages |= dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Give whole minutes from 0 to {MAX_GRACE_MINUTES}; 0 for none.",
        )
        cases = f"Give a whole number from 1 to {MAX_CALIBRATION_CASES}; leave it empty if nobody has to calibrate."
        number = f"Give a whole number from 1 to {MAX_READERS_PER_MRI}; leave it empty if every reader reads every MRI."
        self.fields["readers_per_mri"].error_messages |= dict.fromkeys(("invalid", "min_value", "max_value"), number)
        self.fields["calibration_cases"].error_messages |= dict.fromkeys(("invalid", "min_value", "max_value"), cases)
        self.fields["calibration_icc"].widget.attrs["step"] = "any"
        for name in TARGETS_OF_AGREEMENT:
            self.fields[name].widget.attrs["step"] = "any"
            self.fields[name].error_messages |= dict.fromkeys(("invalid", "min_value", "max_value"), TARGET)
        for name in ("left_sequence", "right_sequence"):
            cast(forms.ChoiceField, self.fields[name]).choices = [("", "as usual"), *SEQUENCE_CHOICES]
        self.fields["slug"].required = False  # of a new study it is made from the name
        if self.is_new:
            del self.fields["reason"], self.fields["seen"]
        elif data is not None:
            self._leave_what_was_not_sent()

    def stored(self) -> list[Any]:
        """List also the groups, covariates and study sites, which stand on the same page."""
        if self.instance._state.adding:
            return []
        rows = (self.instance.groups, self.instance.covariates, self.instance.sites)
        return super().stored() + [list(each.order_by("pk").values_list()) for each in rows]

    def _leave_what_was_not_sent(self) -> None:
        for name in [name for name in self.fields if name not in CHECKBOXES and self.add_prefix(name) not in self.data]:
            del self.fields[name]

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if self.is_new:
            return slug or self._proposed_slug()
        self._refuse_change("slug", slug)
        return slug or self.instance.slug

    def clean_sides(self) -> str:
        sides = self.cleaned_data["sides"]
        self._refuse_change("sides", sides)
        return sides

    def clean_readers_per_mri(self) -> int | None:
        number = self.cleaned_data["readers_per_mri"]
        self._refuse_change("readers_per_mri", number)
        return number

    def clean(self) -> None:
        super().clean()
        left, right = (self.cleaned_data.get(name) for name in ("left_sequence", "right_sequence"))
        if left and left == right:
            self.add_error("right_sequence", TWO_SEQUENCES)
        for name in {*TARGETS_OF_AGREEMENT} & self.fixed.keys() & self.cleaned_data.keys():
            if self.cleaned_data[name] != self.initial[name]:
                self.add_error(name, self.fixed[name])

    def _refuse_change(self, name: str, value: Any) -> None:
        if name in self.fixed and value != self.initial[name]:
            raise ValidationError(self.fixed[name])

    def _proposed_slug(self) -> str:
        """Make a short name of the name, that no other study has."""
        longest = cast(int, Study._meta.get_field("slug").max_length) - 4  # with a number behind it
        proposed = slugify(self.cleaned_data.get("title", ""))[:longest].strip("-")
        if not proposed:
            raise ValidationError("Give a short name: small letters, digits and hyphens.")
        taken = set(Study.objects.filter(slug__startswith=proposed).values_list("slug", flat=True))
        others = (f"{proposed}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in (proposed, *others) if slug not in taken)


class OneOfTheGroups(forms.CheckboxInput):
    """A radio button: of all rows one is the reference."""

    input_type = "radio"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"name": "reference", "value": name}
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        return data.get("reference") == name


class ColourField(forms.CharField):
    """A colour as browsers send it, whose letters may be small."""

    widget = forms.TextInput(attrs={"type": "color"})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").upper()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


class StudyGroupForm(GroupForm):
    colour = ColourField(max_length=7)

    class Meta(GroupForm.Meta):
        widgets = {"is_reference": OneOfTheGroups()}  # type: ignore[dict-item]


class StudyGroupsFormSet(StudyRowsFormSet, GroupsFormSet):
    """The groups of a study on its own page, with rows left for more."""

    row_name = "group"

    def find_in_use(self) -> set[Any]:
        """Fetch the groups that have participants, and so stay."""
        return set(self.instance.participants.values_list("group", flat=True).distinct())


def groups_of(study: Study, data: Any = None) -> StudyGroupsFormSet:
    """Make the form of a study's groups: with four rows for a new study, else with one row for another group."""
    is_new = study._state.adding
    used = set() if is_new else {colour.upper() for colour in study.groups.values_list("colour", flat=True)}
    rows = ROWS if not used else 1
    free = [colour for colour in COLOURS if colour not in used][:rows]
    initial: list[dict[str, Any]] = [{"colour": colour} for colour in free]
    if not used:
        initial[0]["is_reference"] = True
    made = inlineformset_factory(
        Study, DiagnosisGroup, form=StudyGroupForm, formset=StudyGroupsFormSet, extra=rows, can_delete_extra=False
    )
    return cast(StudyGroupsFormSet, made(data, instance=study, initial=initial, prefix="groups"))
