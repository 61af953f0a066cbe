"""Whether the edema-only comparison agrees with the main one, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.words.comparison.summary import LEVEL
from analysis.words.prose import counted, listed, muscle, p_is

Entry = Mapping[str, Any]


def secondary(main: Mapping[str, Any], edema: Mapping[str, Any]) -> Iterator[str]:
    """Similar only if every muscle is called alike in both and no significant difference changes its direction."""
    if not main["n"]["fat_scored"]:
        yield "No participant was scored for fat, so the edema-only comparison is the main one."
        return
    if not edema["n"]["grades"]:
        yield "There is no edema read, so the edema-only comparison could not be made."
        return
    who = f"With edema reads only ({counted(edema['n']['participants'], 'participant')})"
    pairs = list(zip(main["muscles"], edema["muscles"], strict=True))
    if all(one["p"] is None and other["p"] is None for one, other in pairs):
        yield f"{who} no muscle could be estimated either."
        return
    differing = [f"{muscle(one['muscle'])} ({_calls(one, other)})" for one, other in pairs if _differ(one, other)]
    if differing:
        yield f"{who} results differed in the {listed(differing)}."
    else:
        yield f"{who} results were similar: {_shared(pairs)} after Holm’s adjustment."
    yield from _directions(pairs)


def _directions(pairs: list[tuple[Entry, Entry]]) -> Iterator[str]:
    both = [(one, other) for one, other in pairs if one["p"] is not None and other["p"] is not None]
    turned = [one["muscle"] for one, other in both if one["estimate"] * other["estimate"] < 0]
    if turned:
        yield f"The difference had the opposite direction in the {listed(map(muscle, turned))}."
    elif both:
        yield "The direction of the difference was the same in every muscle that both could estimate."


def _shared(pairs: list[tuple[Entry, Entry]]) -> str:
    is_any = any(_call(one) not in ("none", "not estimable") for one, _ in pairs)
    return "the same muscles were significant" if is_any else "no muscle was significant in either comparison"


def _differ(one: Entry, other: Entry) -> bool:
    return _call(one) != _call(other)


def _call(entry: Entry) -> str:
    """What is said of a muscle: which way the groups differ, if they do."""
    if entry["p_holm"] is None:
        return "not estimable"
    if entry["p_holm"] >= LEVEL:
        return "none"
    return "higher" if entry["estimate"] > 0 else "lower"


def _calls(one: Entry, other: Entry) -> str:
    return f"{_holm(other)}, against {_holm(one)} in the main comparison"


def _holm(entry: Entry) -> str:
    return "not estimable" if entry["p_holm"] is None else p_is(entry["p_holm"], "Holm p")
