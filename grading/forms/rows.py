"""Tables of rows that a study has: named for who hears the page, and without a tick to remove what has to stay."""

from typing import Any

from django import forms
from django.utils.functional import cached_property


class StudyRowsFormSet(forms.BaseInlineFormSet):
    """What a study has of one kind after saving, with rows left for more."""

    row_name: str  # what one row is of

    def find_in_use(self) -> set[Any]:
        """Fetch the keys of the rows that are in use, and so stay."""
        raise NotImplementedError

    @cached_property
    def in_use(self) -> set[Any]:
        return self.find_in_use()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        number = (index or 0) + 1
        for name, field in form.fields.items():
            label = field.label if name != "DELETE" else "Remove"
            field.widget.attrs["aria-label"] = f"{label}, {self.row_name} {number}"
        if form.instance._state.adding or form.instance.pk in self.in_use:
            form.fields.pop("DELETE", None)
