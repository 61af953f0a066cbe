"""What somebody says of a token that they make."""

from typing import cast

from django import forms

from grading.models import Member
from thighsite.api.scopes import SCOPES, scopes_of_role
from thighsite.sign_in.models import MAX_TOKEN_DAYS, ApiToken

LIVES = [(1, "1 day"), (7, "7 days"), (30, "30 days"), (MAX_TOKEN_DAYS, f"{MAX_TOKEN_DAYS} days")]


class StudyField(forms.ModelChoiceField):
    """One of the user's memberships, by its study: by its short name, too, for two may have one title."""

    def label_from_instance(self, obj: Member) -> str:
        return f"{obj.study.title} ({obj.study.slug}, {obj.get_role_display()})"


class TokenForm(forms.Form):
    """A token for one of the user's studies: what for, and for how long."""

    name = forms.CharField(
        label="Name",
        max_length=ApiToken._meta.get_field("name").max_length,
        help_text="Which script it is for, so that you know it again.",
    )
    study = StudyField(queryset=Member.objects.none(), empty_label=None, to_field_name="study")
    scopes = forms.MultipleChoiceField(
        label="It may",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    days = forms.TypedChoiceField(label="It works for", coerce=int, choices=LIVES, initial=7)

    def __init__(self, data=None, *, members):
        super().__init__(data)
        cast(StudyField, self.fields["study"]).queryset = members
        roles = {member.role for member in members}
        possible = {scope.code: scope.title for role in roles for scope in scopes_of_role(role)}
        choices = [(code, possible[code]) for code in SCOPES if code in possible]
        cast(forms.MultipleChoiceField, self.fields["scopes"]).choices = choices

    def clean(self) -> None:
        """Refuse what the role in the chosen study does not have."""
        member = self.cleaned_data.get("study")
        if member is None:
            return
        beyond = [code for code in self.cleaned_data.get("scopes", ()) if member.role not in SCOPES[code].roles]
        for code in beyond:
            self.add_error("scopes", f"{member.get_role_display().capitalize()}s may not {SCOPES[code].title}.")
