"""Whether the edema-only comparison agrees with the main one, in words."""

from collections.abc import Iterator

from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.muscles import MuscleResult
from analysis.words.notation import LEVEL
from analysis.words.prose import counted, listed, muscle, p_is
from analysis.words.question.deciding import PWords, deciding


def secondary(main: ComparisonResult, edema: ComparisonResult) -> Iterator[str]:
    """Compare the edema-only comparison with the main one, in which some participants were scored for fat.

    They are called similar only if the same muscles differ significantly in both, in the same directions.
    """
    who = f"With edema reads only ({counted(edema['n']['participants'], 'participant')})"
    p = deciding(main)
    pairs = list(zip(main["muscles"], edema["muscles"], strict=True))
    if all(entry["status"] == "not_estimable" for pair in pairs for entry in pair):
        yield f"{who} no muscle could be estimated either."
        return
    differing = [f"{muscle(one['muscle'])} ({_calls(one, other, p)})" for one, other in pairs if _differ(one, other)]
    if differing:
        yield f"{who} results differed in the {listed(differing)}."
    else:
        yield f"{who} results were similar: {_shared(pairs)} {p.by}."
    yield from _directions(pairs)


def _directions(pairs: list[tuple[MuscleResult, MuscleResult]]) -> Iterator[str]:
    both = [
        (one["muscle"], one["estimate"] * other["estimate"])
        for one, other in pairs
        if one["estimate"] is not None and other["estimate"] is not None
    ]
    turned = [code for code, product in both if product < 0]
    if turned:
        yield f"The difference had the opposite direction in the {listed(map(muscle, turned))}."
    elif both:
        yield "The direction of the difference was the same in every muscle that both could estimate."


def _shared(pairs: list[tuple[MuscleResult, MuscleResult]]) -> str:
    if any(_call(one) in ("higher", "lower") for one, _ in pairs):
        return "the same muscles were significant"
    if any(one["status"] == "separated" for one, _ in pairs):
        return "the same muscles were completely separated, and no other was significant"
    return "no muscle was significant in either comparison"


def _differ(one: MuscleResult, other: MuscleResult) -> bool:
    return _call(one) != _call(other)


def _call(entry: MuscleResult) -> str:
    """Say of a muscle which way the groups differ, if they do."""
    if entry["status"] == "not_estimable":
        return "not estimable"
    way = "higher" if entry["estimate"] > 0 else "lower"
    if entry["status"] == "separated":
        return f"separated, {way}"
    return "none" if entry["p_deciding"] >= LEVEL else way


def _calls(one: MuscleResult, other: MuscleResult, p: PWords) -> str:
    return f"{_p_of(other, p)}, against {_p_of(one, p)} in the main comparison"


def _p_of(entry: MuscleResult, p: PWords) -> str:
    if entry["status"] == "separated":
        return "completely separated"
    return "not estimable" if entry["p_deciding"] is None else p_is(entry["p_deciding"], p.name)
