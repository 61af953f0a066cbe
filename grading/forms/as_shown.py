"""Settings of a study that are stored only where they still are what the page showed: two people may have it open."""

import json
from hashlib import sha256
from typing import Any

from django import forms

SETTINGS_CHANGED = (
    "These settings were changed after this page was opened: by somebody else, or by you in another window or with a "
    "second press. What was sent now is not stored. What you see is what is stored: enter your change again if it is "
    "still needed."
)


class AsShownForm(forms.ModelForm):
    """Some settings of a study, as they were when its row was locked; the page sends back what it showed.

    A program that sends nothing of the kind is not asked.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.shown = sha256(json.dumps(self.stored(), default=str).encode()).hexdigest()
        self.initial["seen"] = self.shown

    def stored(self) -> list[Any]:
        """List what the page shows as stored."""
        return [getattr(self.instance, name) for name in self._meta.fields or ()]

    @property
    def is_out_of_date(self) -> bool:
        return self.data.get("seen") not in (None, "", self.shown)
