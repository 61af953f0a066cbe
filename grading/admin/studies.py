"""Studies and their groups, in the site administration."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from grading.admin.plain import PlainAdmin
from grading.admin.seeing import noting_urls
from grading.forms.groups import GroupForm, GroupsFormSet
from grading.forms.study import COLOURS
from grading.limits import MAX_REASON_LENGTH
from grading.models import DiagnosisGroup, Study
from thighsite.acting import because

LOCKED = "The study is locked: while it is, nothing of it and of its groups can be changed."


class StudyForm(forms.ModelForm):
    """A study, and why it is changed: the trail keeps the reason."""

    reason = forms.CharField(
        max_length=MAX_REASON_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Needed where a group gets another code or name, or another group is the reference. "
        "The trail keeps it.",
    )

    class Meta:
        model = Study
        fields = (
            "slug",
            "title",
            "reader_title",
            "sides",
            "wash_out_days",
            "grace_minutes",
            "hides_comparison",
            "password_at_sign_off",
        )

    def clean_sides(self) -> str:
        sides = self.cleaned_data["sides"]
        if sides != self.initial.get("sides", sides) and self.instance.has_grades:
            raise forms.ValidationError("The study has grades: its sides can no longer change.")
        return sides


class GroupInline(admin.TabularInline):
    model = DiagnosisGroup
    form = GroupForm
    formset = GroupsFormSet
    verbose_name_plural = "diagnosis groups"

    def get_extra(self, request: HttpRequest, obj: Study | None = None, **kwargs: Any) -> int:
        return 0 if obj else 2

    def has_add_permission(self, request: HttpRequest, obj: Study | None = None) -> bool:
        return super().has_add_permission(request, obj) and not (obj and obj.is_locked)

    def has_change_permission(self, request: HttpRequest, obj: Study | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.is_locked)

    def has_delete_permission(self, request: HttpRequest, obj: Study | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_locked)


@admin.register(Study)
class StudyAdmin(PlainAdmin):
    form = StudyForm
    said_when_adding = "Enter the groups to compare, or leave them out: the first participants file brings them."
    list_display = ("title", "slug", "sides", "lock")
    inlines = (GroupInline,)
    readonly_fields = ("lock",)

    def get_urls(self) -> list:
        return noting_urls(super().get_urls())

    def get_fields(self, request: HttpRequest, obj: Study | None = None) -> tuple[str, ...]:
        of_study = StudyForm.Meta.fields
        if obj is None:
            return of_study
        return (*of_study, "lock") if obj.is_locked else (*of_study, "lock", "reason")

    def get_formset_kwargs(self, request: HttpRequest, obj: Study, inline: Any, prefix: str) -> dict[str, Any]:
        """Propose colours, safe for the colour-blind, for the first groups of a new study."""
        proposed = {"initial": [{"colour": colour} for colour in COLOURS[:2]]} if obj._state.adding else {}
        return super().get_formset_kwargs(request, obj, inline, prefix) | proposed

    @admin.display(description="entry")
    def lock(self, study: Study) -> str:
        """Say whether the study is locked, and lead to where a site admin and somebody of the study unlock it."""
        if not study.is_locked:
            return "open"
        return format_html('<a href="{}">locked: unlock…</a>', reverse("unlock-study", args=[study.slug]))

    def rows_beside(self, row: Study) -> Iterable[DiagnosisGroup]:
        return row.groups.order_by("pk")

    def why_unchanged(self, row: Study) -> str | None:
        return LOCKED if row.is_locked else None

    def why_kept(self, row: Study) -> str | None:
        if row.is_locked or any(rows.exists() for rows in (row.unlocks, row.participants, row.charters)):
            return f"{row} has been worked in and stays: what was read and who did what is kept."
        return None

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with because(GroupsFormSet.reason_in(request.POST)):
            return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        inlines = context["inline_admin_formsets"]
        context["similar"] = [each for inline in inlines for each in getattr(inline.formset, "similar", ())]
        return super().render_change_form(request, context, *args, **kwargs)
