"""What the readers' agreement comes to, as sentences of a paper."""

from collections.abc import Iterator

from analysis.stats.result_types.agreement import (
    AgreementEntry,
    AgreementResult,
    Bias,
    MixedModel,
    ReaderEffect,
    Resampled,
)
from analysis.stats.result_types.codes import CoefficientCode
from analysis.words.agreement.coefficients import BY_CODE, is_too_narrow, notes_in_words
from analysis.words.agreement.table import between_readers, with_rereads
from analysis.words.agreement.targets import as_set
from analysis.words.notation import number
from analysis.words.prose import counted, listed, muscle, with_interval
from grading.anatomy import MUSCLE_BY_CODE

LEAST_UNITS = 20  # muscles graded twice or more: below it, a range over muscles would be one of chance

# Those that a paragraph gives: of the two ICCs, which share their units, one.
_GIVEN: tuple[CoefficientCode, ...] = ("exact", "kappa_quadratic", "ac2", "icc_2_1")


def agreement_results(agreement: AgreementResult) -> Iterator[str]:
    """Say agreement between readers over all muscles, its range over muscles, and that of readers' re-reads."""
    overall = between_readers(agreement)
    if not overall["units"]:
        yield f"Agreement between readers could not be assessed: {notes_in_words(overall)}."
    else:
        yield f"Between readers, over all muscles, {_coefficients(overall)}."
        yield from _range(agreement["inter"])
        if targets := as_set(agreement):
            yield f"The study asked for {targets}."
        yield from _resampled(agreement["resampled"][-1])
        yield from _mixed(agreement["mixed_model"][-1])
        yield from _bias(agreement["bias"])
        yield from _effects(agreement["reader_effects"])
    for entry in with_rereads(agreement):
        yield f"Between first reads and re-reads of {entry['reader']}, over all muscles, {_coefficients(entry)}."


def _coefficients(entry: AgreementEntry) -> str:
    found = [f"{BY_CODE[code].in_sentence} was {_value(entry, code)}" for code in _GIVEN if _exists(entry, code)]
    if missing := [BY_CODE[code].in_sentence for code in _GIVEN if not _exists(entry, code)]:
        found.append(f"{listed(missing)} could not be computed")
    notes = notes_in_words(entry, among=_GIVEN)
    return f"{listed(found)}{f' ({notes})' if notes else ''}"


def _value(entry: AgreementEntry, code: CoefficientCode) -> str:
    """Write a coefficient with its interval, unless that is known to be too narrow to be quoted."""
    return number(entry[code]["value"]) if is_too_narrow(entry, code) else with_interval(entry[code])


def _range(inter: list[AgreementEntry]) -> Iterator[str]:
    muscles = [entry for entry in inter if entry["muscle"] in MUSCLE_BY_CODE and entry["units"] >= LEAST_UNITS]
    defined = [(value, entry) for entry in muscles if (value := entry["icc_2_1"]["value"]) is not None]
    if len(defined) < 2:
        return
    ordered = [entry for _, entry in sorted(defined, key=lambda each: each[0])]
    ends = (ordered[0], ordered[-1])
    low, high = (f"{with_interval(entry['icc_2_1'])} in the {muscle(entry['muscle'])}" for entry in ends)
    undefined = len(muscles) - len(defined)
    among = f"; undefined in {counted(undefined, 'muscle')}" if undefined else ""
    yield f"By muscle, ICC(2,1) ranged from {low} to {high}{among}."


def _resampled(overall: Resampled) -> Iterator[str]:
    """Give the pooled ICC and kappa with the intervals that may be quoted, each where it has one."""
    given = {"ICC(2,1)": overall["icc_2_1"], "the generalised quadratic weighted kappa": overall["kappa_quadratic"]}
    quoted = [f"{name} was {with_interval(found)}" for name, found in given.items() if found["ci_low"] is not None]
    if quoted:
        yield f"With participants resampled, over all muscles, {listed(quoted)}."


def _mixed(overall: MixedModel) -> Iterator[str]:
    """Give the ICC from every grade, with what it would take for two readers' grades to differ detectably.

    A variance at 0 is named: both numbers rest on it.
    """
    if overall["icc_agreement"] is None:
        return
    every = f"{counted(overall['grades'], 'grade')} of {counted(overall['units'], 'unit')}"
    yield (
        f"By a mixed model of all {every}, the intraclass correlation for absolute agreement was "
        f"{number(overall['icc_agreement'])}, and the smallest detectable difference between two readers "
        f"{number(overall['smallest_detectable_difference'])} grade points{_in_brackets(overall['note'])}."
    )


def _bias(pairs: list[Bias]) -> Iterator[str]:
    """Give the bias of the two readers who differ most on the whole, with its limits of agreement."""
    known = [
        (abs(mean), pair) for pair in pairs if (mean := pair["mean_difference"]) is not None and pair["sd"] is not None
    ]
    if not known:
        return
    _, most = max(known, key=lambda each: each[0])
    one, other = most["readers"]
    differed = "differed" if len(pairs) == 1 else "differed most"
    limits = f"limits of agreement {number(most['loa_low'])} to {number(most['loa_high'])}"
    yield (
        f"Sum scores of all muscles {differed} between {one} and {other} (mean difference {one} − {other} "
        f"{number(most['mean_difference'])} grade points, {limits}; {counted(most['participants'], 'participant')})."
    )


def _effects(effects: list[ReaderEffect]) -> Iterator[str]:
    """Give the readers who grade lowest and highest against the mean of the others; of two, one says it all.

    Nothing where common units do not connect all of them: effects against different readers have no order.
    """
    known = [(value, effect) for effect in effects if (value := effect["per_grade"]["value"]) is not None]
    if len(known) < 3 or any(len(effect["others"]) < len(known) - 1 for _, effect in known):
        return
    (_, lowest), *_, (_, highest) = sorted(known, key=lambda each: each[0])
    low, high = (f"{with_interval(each['per_grade'])} ({each['reader']})" for each in (lowest, highest))
    yield f"Against the mean of the other readers, a reader’s grades differed by {low} to {high} points per grade."


def _in_brackets(note: str) -> str:
    return f" ({note})" if note else ""


def _exists(entry: AgreementEntry, code: CoefficientCode) -> bool:
    return entry[code]["value"] is not None
