"""The grading page as one plain form, which is all that a browser without JavaScript needs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django import forms

from grading.anatomy import MUSCLES, Cell, Muscle
from grading.comments import normalised_comment
from grading.limits import MAX_COMMENT_LENGTH
from grading.models import Read
from grading.scale import FEATURE_NAMES, NOT_ASSESSABLE, SCALE, USUAL_SEQUENCES
from grading.services.cell_store import CellState, cell_states

CHOICES = [*((str(step.score), step.name) for step in SCALE), (NOT_ASSESSABLE, "not assessable")]


@dataclass(frozen=True)
class RadioGroup:
    """The choice made so far for a muscle on a side, and the version that it was shown in."""

    name: str
    side: str
    value: str
    version: int


@dataclass(frozen=True)
class FeatureChoice:
    """A feature that can be chosen, with the sequences that it is usually read on."""

    code: str
    name: str
    usual_sequences: tuple[str, ...]


FEATURE_CHOICES = tuple(FeatureChoice(code, name, USUAL_SEQUENCES[code]) for code, name in FEATURE_NAMES.items())


@dataclass(frozen=True)
class Row:
    muscle: Muscle
    cells: list[RadioGroup]


@dataclass(frozen=True)
class Sheet:
    """What a read holds for its reader to fill in, without the read itself, which knows the participant."""

    feature: str
    sequence: str
    comment: str
    pairing_confirmed: bool
    cells: tuple[Cell, ...]
    shown_sides: tuple[str, ...]
    choices: dict[Cell, str]
    versions: dict[Cell, int]

    @classmethod
    def of(cls, read: Read) -> "Sheet":
        states = cell_states(read)
        return cls(
            read.feature,
            read.sequence,
            read.comment,
            read.pairing_confirmed,
            tuple(read.study.cells),
            read.study.shown_sides,
            {cell: as_choice(state) for cell, state in states.items() if not state.is_empty},
            {cell: state.version for cell, state in states.items()},
        )


class CommentField(forms.CharField):
    """A comment, counted as it is stored: a plain form sends two characters for the end of a line."""

    def to_python(self, value: str | None) -> str:
        return normalised_comment(super().to_python(value) or "")


class GradingForm(forms.Form):
    features = FEATURE_CHOICES
    feature = forms.ChoiceField(choices=Read.Feature.choices)
    sequence = forms.ChoiceField(choices=Read.Sequence.choices)
    confirm_pairing = forms.BooleanField(required=False)
    comment = CommentField(
        required=False,
        max_length=MAX_COMMENT_LENGTH,
        error_messages={
            "max_length": "It has %(show_value)d characters of at most %(limit_value)d: shorten it. Nothing was cut."
        },
    )

    def __init__(self, data=None, *, sheet: Sheet):
        self.sheet = sheet
        super().__init__(data, initial=self._initial())
        for cell in sheet.cells:
            self.fields[cell.name] = forms.ChoiceField(required=False, choices=CHOICES)

    def grades(self) -> Iterator[dict]:
        """List the chosen grades as services.enter_grade takes them, with the versions that the page showed."""
        for cell in self.sheet.cells:
            if choice := self.cleaned_data[cell.name]:
                yield {**cell._asdict(), **as_score(choice), "seen_version": self._seen(cell.name)}

    def description(self) -> dict:
        """List feature, sequence, comment and confirmation, as services.describe_read takes them."""
        return {name: self.cleaned_data[name] for name in ("feature", "sequence", "comment", "confirm_pairing")}

    def compartments(self) -> list[tuple[str, list[Row]]]:
        """List the muscles as the page shows them, grouped by compartment."""
        return [
            (compartment, [self._row(muscle) for muscle in muscles])
            for compartment, muscles in groupby(MUSCLES, key=lambda muscle: muscle.compartment)
        ]

    def _row(self, muscle: Muscle) -> Row:
        return Row(muscle, [self._radio_group(Cell(muscle.code, side)) for side in self.sheet.shown_sides])

    def _radio_group(self, cell: Cell) -> RadioGroup:
        value, seen = self[cell.name].value() or "", self._seen(cell.name)
        return RadioGroup(cell.name, cell.side, value, self.sheet.versions[cell] if seen is None else seen)

    def _seen(self, name: str) -> int | None:
        """Read the version that the page said it showed; None where it said none."""
        said = self.data.get(f"seen-{name}", "")
        return int(said) if re.fullmatch(r"\d{1,9}", said) else None

    def _initial(self) -> dict[str, str | bool]:
        sheet = self.sheet
        return {
            **{cell.name: choice for cell, choice in sheet.choices.items()},
            "feature": sheet.feature,
            "sequence": sheet.sequence,
            "comment": sheet.comment,
            "confirm_pairing": sheet.pairing_confirmed,
        }


def as_choice(state: CellState) -> str:
    return NOT_ASSESSABLE if state.not_assessable else str(state.score)


def as_words(state: CellState) -> str:
    return "not graded" if state.is_empty else "not assessable" if state.not_assessable else str(state.score)


def as_score(choice: str) -> dict:
    if choice == NOT_ASSESSABLE:
        return {"score": None, "not_assessable": True}
    return {"score": int(choice), "not_assessable": False}
