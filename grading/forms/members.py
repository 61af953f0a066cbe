"""The forms of the coordinator's page that are about people."""

from typing import cast

from django import forms
from django.conf import settings

from grading.models import Member, Study, StudySite


class RoleForm(forms.Form):
    """A role in a study, and which study site it is limited to, where the study has any.

    Once it is locked nobody becomes a reader: there is nothing left to grade.
    """

    role = forms.ChoiceField(choices=Member.Role.choices)
    site = forms.ModelChoiceField(
        StudySite.objects.none(),
        label="Study site",
        required=False,
        empty_label="all study sites",
        help_text="A coordinator sees and changes its participants alone, a reader is given only their MRIs. "
        "Investigators and adjudicators are never limited.",
    )

    def __init__(self, *args, study: Study, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["site"]).queryset = study.sites.all()
        if not study.sites.exists():
            del self.fields["site"]
        cast(forms.ChoiceField, self.fields["role"]).choices = roles_to_give(study)


def roles_to_give(study: Study) -> list[tuple[str, str]]:
    """List the roles that somebody can be given, as choices."""
    return [choice for choice in Member.Role.choices if not (study.is_locked and choice[0] == Member.Role.READER)]


class InviteForm(RoleForm):
    """Somebody who has no account here yet."""

    field_order = ("username", "full_name", "email", "role", "site", "accept_similar")
    username = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    full_name = forms.CharField(label="Full name (optional)", max_length=150, required=False)
    email = forms.EmailField(
        label="E-mail (optional)",
        max_length=254,
        required=False,
        help_text="The link is sent there as well. Without it you pass the link on yourself.",
    )
    accept_similar = forms.BooleanField(label="They are two people", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not settings.SENDS_MAIL:
            del self.fields["email"]

    @property
    def asks_about_similar(self) -> bool:
        """Say whether the name is easily taken for another's, so that somebody has to say that they are two people."""
        return self.has_error("username", "similar")


class AddForm(RoleForm):
    """Somebody who has an account."""

    field_order = ("username", "role", "site")
    username = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
