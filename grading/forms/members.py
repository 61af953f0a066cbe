"""The forms of the coordinator's page that are about people."""

from django import forms

from grading.models import Member


class InviteForm(forms.Form):
    """Somebody who has no account here yet."""

    username = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    full_name = forms.CharField(label="Full name (optional)", max_length=150, required=False)
    role = forms.ChoiceField(choices=Member.Role.choices)
    accept_similar = forms.BooleanField(label="They are two people", required=False)

    @property
    def asks_about_similar(self) -> bool:
        """Say whether the name is easily taken for another's, so that somebody has to say that they are two people."""
        return self.has_error("username", "similar")


class AddForm(forms.Form):
    """Somebody who has an account."""

    username = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(choices=Member.Role.choices)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Member.Role.choices)
