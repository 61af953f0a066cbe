"""The planning page as its template shows it: the form's fields, what a study's reads offer, and what a plan says."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from analysis.figure.figure_data import PlanData
from analysis.services.planning import plan_path
from analysis.stats.planning.setting import RANGES, Setting, all_words
from analysis.stats.result_types.plan import PlanResult
from analysis.web.pages.figure import plan_drawings
from analysis.words.agreement.table import muscle_label
from analysis.words.notation import number
from analysis.words.planning.plan import HEADS, LABELS, explanation, rows, sentences

_PARTS = (
    ("The study", ("participants", "readers", "sides", "missing")),
    ("The scores", ("level", "difference", "participant", "reader", "side", "residual")),
    ("What is to be shown", ("muscles", "bound")),
    ("The simulation", ("data_sets", "seed")),
)
_OFFERED = ("readers", "missing", "level", "participant", "reader", "residual")
_TAKEN = (*_OFFERED, "side")  # which is within the participants' where it is estimated
OFFERED = tuple(LABELS[name][0] for name in _OFFERED)


@dataclass(frozen=True)
class Field:
    """One number of a setting, as it is asked for."""

    name: str
    label: str
    hint: str
    value: str


@dataclass(frozen=True)
class Offer:
    """What the reads of a muscle offer, and the address whose form has it."""

    label: str
    cells: list[str]
    path: str


def parts(words: dict[str, str]) -> list[tuple[str, list[Field]]]:
    """List the form's parts, and their fields with what was said in them, or what is usual."""
    said = all_words(Setting()) | words
    return [(title, [_field(name, said[name]) for name in names]) for title, names in _PARTS]


def offers(slug: str, found: dict[str, Setting], setting: Setting) -> list[Offer]:
    """List what is offered, muscle by muscle in the paper's order; the rest of a setting stays."""
    return [
        Offer(
            muscle_label(code),
            [all_words(estimated)[name] for name in _OFFERED],
            plan_path(slug, replace(setting, **{name: getattr(estimated, name) for name in _TAKEN})),
        )
        for code, estimated in found.items()
    ]


def answer(result: PlanResult, slug: str, setting: Setting) -> dict[str, Any]:
    """Say what a plan says: sentences, figures, table, and where its JSON is."""
    query = all_words(setting)
    return {
        "sentences": list(sentences(result)),
        "heads": HEADS,
        "rows": rows(result),
        "explanation": explanation(result),
        "drawings": plan_drawings(PlanData(result), slug, query),
        "json_path": reverse("planning-json", args=[slug], query=query),
    }


def _field(name: str, value: str) -> Field:
    label, hint = LABELS[name]
    least, most = RANGES[name]
    return Field(name, label, f"{hint}; from {number(least, 0)} to {most:,}", value)
