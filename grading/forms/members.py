"""The forms of the coordinator's page that are about people."""

from django import forms

from grading.models import Member


class InviteForm(forms.Form):
    """Somebody who has no account here yet."""

    username = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    full_name = forms.CharField(label="Full name (optional)", max_length=150, required=False)
    role = forms.ChoiceField(choices=Member.Role.choices)


class AddForm(forms.Form):
    """Somebody who has an account."""

    username = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(choices=Member.Role.choices)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Member.Role.choices)
