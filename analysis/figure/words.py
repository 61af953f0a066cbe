"""What the figure says on hover and in its legend.

Plotly reads markup and entities in its texts, so whatever people named is written as plain words.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from analysis.words.notation import METHODS, exact_p, interval, median_iqr, number
from grading.anatomy import MUSCLE_BY_CODE

_LEGEND = 64  # characters that fit beside a legend's mark where the figure is narrowest


def plain(text: str) -> str:
    """Words of people as words, never as markup."""
    return escape(text, quote=False)


def shortened(text: str, characters: int) -> str:
    """The text, or its beginning with an ellipsis where it is longer than that many characters."""
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def shortened_inside(text: str, characters: int) -> str:
    """As ``shortened``, keeping both ends: a code often says at its end which of many it is."""
    if len(text) <= characters:
        return text
    end = (characters - 1) // 2
    return f"{text[: characters - 1 - end]}…{text[-end:]}"


def legend_text(code: str, name: str, participants: int) -> str:
    """``DM dermatomyositis (n = 11)``, shortened where it would not fit."""
    words = code if name == code else f"{code} {name}"
    return plain(f"{shortened(words, _LEGEND)} (n = {participants})")


def point_text(participant: str, group: str, muscle: str, mean: float | None) -> str:
    """A participant in one muscle."""
    return plain(f"{participant} ({group}), {MUSCLE_BY_CODE[muscle].label}: {_mean(mean)}")


def mean_text(participants: int, group: str, muscle: str, mean: float | None) -> str:
    """Several participants in one muscle."""
    return plain(f"{participants} participants ({group}), {MUSCLE_BY_CODE[muscle].label}: {_mean(mean)}")


def _mean(mean: float | None) -> str:
    return "no grade" if mean is None else f"mean {number(mean)}"


def box_text(muscle: Mapping[str, Any], group: str, groups: Mapping[str, str]) -> str:
    """A group in one muscle: its scores, then what the model says of the muscle."""
    summary = muscle["groups"][group]
    seen = f"{group}: n = {summary['n']}, median {median_iqr(summary)}"
    return "<br>".join([plain(_name(muscle)), plain(seen), _answer(muscle, groups)])


def mark_text(muscle: Mapping[str, Any], groups: Mapping[str, str]) -> str:
    """A muscle: what the model says of it, or why it says nothing."""
    return "<br>".join([plain(_name(muscle)), _answer(muscle, groups)])


def _name(muscle: Mapping[str, Any]) -> str:
    known = MUSCLE_BY_CODE[muscle["muscle"]]
    return f"{known.label}, {known.name}"


def _answer(muscle: Mapping[str, Any], groups: Mapping[str, str]) -> str:
    lines = ["Not estimable."] if muscle["method"] is None else _estimate(muscle, groups)
    if muscle["note"]:
        lines.append(muscle["note"])
    return "<br>".join(map(plain, lines))


def _estimate(muscle: Mapping[str, Any], groups: Mapping[str, str]) -> list[str]:
    difference = f"{groups['compared']} − {groups['reference']} {number(muscle['estimate'])}"
    permuted = muscle["p_permutation"]
    permutation = "" if permuted is None else f", permutation p {exact_p(permuted)}"
    return [
        f"{difference}, 95 % interval {interval(muscle['ci_low'], muscle['ci_high'])}",
        f"p {exact_p(muscle['p'])} ({METHODS[muscle['method']]}, df {number(muscle['df'], 1)})",
        f"Holm p {exact_p(muscle['p_holm'])}{permutation}",
    ]
