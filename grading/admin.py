"""The site administration: studies, their groups and their members. Reads and grades change only through the site."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from grading.models import DiagnosisGroup, Member, Study
from grading.services.accounts import Usernames
from grading.services.unblinding import is_site_admin, note_unblinded


class ShowsStudies(admin.ModelAdmin):
    """Pages that show every study's title or groups: whoever is shown one of them can be no reader afterwards."""

    def get_urls(self):
        urls = super().get_urls()
        for url in urls:
            url.callback = _noting(url.callback)
        return urls


def _noting(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def noting(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_site_admin(request.user):
            note_unblinded(request.user)
        return view(request, *args, **kwargs)

    return noting


class GroupInline(admin.TabularInline):
    """The groups of a study. A locked one keeps them as they are."""

    model = DiagnosisGroup
    extra = 0

    def has_add_permission(self, request: HttpRequest, study: Study | None = None) -> bool:
        return _is_open(study) and super().has_add_permission(request, study)

    def has_change_permission(self, request: HttpRequest, study: Study | None = None) -> bool:
        return _is_open(study) and super().has_change_permission(request, study)

    def has_delete_permission(self, request: HttpRequest, study: Study | None = None) -> bool:
        return _is_open(study) and super().has_delete_permission(request, study)


def _is_open(study: Study | None) -> bool:
    return study is None or not study.is_locked


@admin.register(Study)
class StudyAdmin(ShowsStudies):
    list_display = ("slug", "title", "sides")
    inlines = (GroupInline,)

    def get_readonly_fields(self, request: HttpRequest, study: Study | None = None) -> tuple[str, ...]:
        return ("lock",) if _is_open(study) else ("lock", "sides")

    def has_delete_permission(self, request: HttpRequest, study: Study | None = None) -> bool:
        return _is_open(study) and super().has_delete_permission(request, study)

    def lock(self, study: Study) -> str:
        """Say whether the study is locked, and lead to where a site admin and somebody of the study unlock it."""
        if not study.is_locked:
            return "open"
        return format_html('<a href="{}">locked: unlock…</a>', reverse("unlock-study", args=[study.slug]))


@admin.register(Member)
class MemberAdmin(ShowsStudies):
    list_display = ("user", "role", "study")
    list_filter = ("study", "role")
    list_select_related = ("user", "study")


class NewAccountForm(AdminUserCreationForm):
    """Refuses a username that looks like another account's."""

    def clean_username(self) -> str:
        return checked_username(super().clean_username(), self.instance)


class AccountForm(UserChangeForm):
    """Says in words what the database refuses: a site admin can see the groups, and a reader must be blind to them.

    A new username is held to what holds for new accounts.
    """

    def clean_username(self) -> str:
        return checked_username(self.cleaned_data["username"], self.instance)

    def clean(self):
        cleaned = super().clean() or {}
        becomes_admin = cleaned.get("is_staff") or cleaned.get("is_superuser")
        if becomes_admin and self.instance.memberships.filter(role=Member.Role.READER).exists():
            raise forms.ValidationError("A reader must be blind to the groups, which a site admin can see.")
        return cleaned


def checked_username(username: str, account: Any) -> str:
    """Return a username. ValidationError for one that is new for the account and that no account can have."""
    is_new = account._state.adding or username != get_user_model().objects.get(pk=account.pk).username
    if is_new and (problem := Usernames.taken(but=account).why_not(username)):
        raise forms.ValidationError(problem)
    return username


admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class AccountAdmin(UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
