"""Accounts, in the site administration."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group

from grading.admin.plain import PlainAdmin
from grading.roles import BLIND_ROLES
from grading.services.accounts import Usernames, why_account_stays
from thighsite.sign_in import sessions


class NewAccountForm(AdminUserCreationForm):
    """Refuses a username that looks like another account's, or is another's but for capitals."""

    def clean_username(self) -> str:
        return checked_username(self.cleaned_data["username"], self.instance)


class AccountForm(UserChangeForm):
    """Says in words what the database refuses: a site admin can see the groups, and a reader must be blind to them.

    A new username is held to what holds for new accounts. Nobody switches off the account that they are signed in with.
    """

    signed_in: Any = None

    def clean_username(self) -> str:
        return checked_username(self.cleaned_data["username"], self.instance)

    def clean(self):
        cleaned = super().clean() or {}
        becomes_admin = cleaned.get("is_staff") or cleaned.get("is_superuser")
        if becomes_admin and self.instance.memberships.filter(role__in=BLIND_ROLES).exists():
            raise forms.ValidationError("A reader must be blind to the groups, which a site admin can see.")
        if self.instance == self.signed_in and not cleaned.get("is_active"):
            raise forms.ValidationError("You are signed in with this account: somebody else has to switch it off.")
        return cleaned


def checked_username(username: str, account: Any) -> str:
    """Return a username. ValidationError for one that is new for the account and that no account can have."""
    is_new = account._state.adding or username != get_user_model().objects.get(pk=account.pk).username
    if is_new and (problem := Usernames.taken(but=account).why_not(username)):
        raise forms.ValidationError(problem)
    return username


# Roles in studies say what somebody may do; Django's groups of permissions would be taken for diagnosis groups.
admin.site.unregister(Group)
admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class AccountAdmin(PlainAdmin, UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    list_filter = ("is_staff", "is_superuser", "is_active")
    filter_horizontal = ("user_permissions",)

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        return [(name, {**options, "fields": _without_groups(options["fields"])}) for name, options in
                super().get_fieldsets(request, obj)]  # fmt: skip

    def get_form(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]
        form = super().get_form(request, obj, **kwargs)
        form.signed_in = request.user  # a class that is made for this request
        return form

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Store the account. One that is switched off is signed out everywhere, and still is when it is switched on."""
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            sessions.end(user=obj, by=request.user, request=request)

    def why_kept(self, row: Any) -> str | None:
        return why_account_stays(row)


def _without_groups(fields: Any) -> tuple:
    return tuple(field for field in fields if field != "groups")
