"""By which the readers of a case confirm what they decide together: name and password of each who is not signed in."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

NOT_RIGHT = (
    "Everybody else who read the case confirms with their own name and password. One of these is not right. Nothing "
    "was stored."
)


class TogetherForm(forms.Form):
    """A name and a password for each of ``others``, in any order. It says whether all are right, never which is not."""

    def __init__(self, data, *, others: Collection[int]):
        super().__init__(data)
        self.others = set(others)
        self.wrong: list[str] = []  # names that came with a password that is not theirs
        self.confirmed: set[Any] = set()  # who came with their own
        for number in self.numbers:
            self.fields[f"name-{number}"] = forms.CharField(required=False)
            self.fields[f"password-{number}"] = forms.CharField(required=False, strip=False)

    @property
    def numbers(self) -> range:
        return range(1, len(self.others) + 1)

    def clean(self):
        cleaned = super().clean() or {}
        people = {person.get_username().lower(): person for person in _people(self.others)}
        for number in self.numbers:
            name, password = (cleaned.get(f"{part}-{number}", "") for part in ("name", "password"))
            person = people.get(name.lower())
            if _is_password_of(person, password) and person is not None:
                self.confirmed.add(person)
            elif name and password:  # what was left empty is no try
                self.wrong.append(name)
        if {person.pk for person in self.confirmed} != self.others:
            raise ValidationError(NOT_RIGHT)
        return cleaned


def _people(numbers: Collection[int]) -> list[Any]:
    return list(get_user_model().objects.filter(pk__in=numbers, is_active=True))


def _is_password_of(person: Any, password: str) -> bool:
    """Check a password; of who is none of the readers it takes as long to say no."""
    if person is None:
        get_user_model()().set_password(password)
        return False
    return person.check_password(password)
