"""What the readers' agreement comes to, as sentences of a paper."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.stats.agreement.inter_reader import OVERALL
from analysis.words.agreement.coefficients import is_too_narrow, note_in_words
from analysis.words.notation import number
from analysis.words.prose import listed, muscle, with_interval

_COEFFICIENTS = {"kappa_quadratic": "quadratic kappa", "ac2": "AC2", "icc_2_1": "ICC(2,1)"}


def agreement_results(agreement: Mapping[str, Any]) -> Iterator[str]:
    """Between readers over all muscles, the range over muscles, and readers' re-reads."""
    overall = next(entry for entry in agreement["inter"] if entry["muscle"] == OVERALL)
    if not overall["units"]:
        yield f"Agreement between readers could not be assessed: {note_in_words(overall['note'])}."
    else:
        yield f"Between readers, over all muscles, {_coefficients(overall)}."
        yield from _range(agreement["inter"])
    yield from _rereads(agreement["intra"])


def _coefficients(entry: Mapping[str, Any]) -> str:
    given = {"exact": "exact agreement", **_COEFFICIENTS}
    found = [f"{words} was {_value(entry, name)}" for name, words in given.items() if _exists(entry, name)]
    missing = [words for name, words in given.items() if not _exists(entry, name)]
    if missing:
        found.append(f"{listed(missing)} could not be computed")
    return f"{listed(found)}{_note(entry)}"


def _note(entry: Mapping[str, Any]) -> str:
    """Of the two ICCs, which share their units, a paragraph gives one."""
    note = note_in_words(entry["note"].replace("icc_2_1, icc_3_1", "icc_2_1"))
    return f" ({note})" if note else ""


def _value(entry: Mapping[str, Any], name: str) -> str:
    """With its interval, unless that is known to be too narrow to be quoted."""
    return number(entry[name]["value"]) if is_too_narrow(entry, name) else with_interval(entry[name])


def _range(inter: list[Mapping[str, Any]]) -> Iterator[str]:
    by_muscle = [entry for entry in inter if entry["muscle"] != OVERALL and _exists(entry, "icc_2_1")]
    if len(by_muscle) < 2:
        return
    ordered = sorted(by_muscle, key=lambda entry: entry["icc_2_1"]["value"])
    low, high = (
        f"{number(entry['icc_2_1']['value'])} ({muscle(entry['muscle'])})" for entry in (ordered[0], ordered[-1])
    )
    undefined = sum(entry["muscle"] != OVERALL for entry in inter) - len(by_muscle)
    among = f"; undefined in {undefined}" if undefined else ""
    yield f"By muscle, ICC(2,1) ranged from {low} to {high}{among}."


def _rereads(intra: list[Mapping[str, Any]]) -> Iterator[str]:
    for entry in intra:
        if entry["muscle"] == OVERALL and entry["units"]:
            yield f"Between first reads and re-reads of {entry['reader']}, over all muscles, {_coefficients(entry)}."


def _exists(entry: Mapping[str, Any], name: str) -> bool:
    return entry[name]["value"] is not None
