"""What the coefficients of agreement are called, and what each of them says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analysis.stats.agreement.inter_reader import OVERALL
from analysis.stats.agreement.summary import COEFFICIENTS as CODES
from analysis.stats.result_types.agreement import AgreementEntry, CoefficientEstimate
from analysis.stats.result_types.codes import CoefficientCode
from analysis.words.notation import DASH, interval, number


@dataclass(frozen=True)
class Coefficient:
    """A coefficient's code in JSON and addresses, and its names above a column, in a sentence and alone."""

    code: CoefficientCode
    head: str
    in_sentence: str
    name: str
    meaning: str


COEFFICIENTS = (
    Coefficient(
        "exact",
        "exact",
        "exact agreement",
        "exact agreement",
        "Share of pairs of grades that are equal. Part of it is mere chance.",
    ),
    Coefficient(
        "within_one",
        "within 1",
        "agreement within one step",
        "agreement within 1",
        "Share of pairs of grades that are at most one step apart.",
    ),
    Coefficient(
        "kappa_linear",
        "linear kappa",
        "linear weighted kappa",
        "Cohen’s kappa, linear weights",
        "Agreement beyond what two readers’ own shares of grades bring by chance; a difference counts by its steps. "
        "With more than two readers, the mean over pairs. It can be low where nearly all grades are equal, however "
        "rarely readers differ.",
    ),
    Coefficient(
        "kappa_quadratic",
        "quadratic kappa",
        "quadratic weighted kappa",
        "Cohen’s kappa, quadratic weights",
        "As with linear weights, but a difference counts by its square: large ones weigh more.",
    ),
    Coefficient(
        "alpha_ordinal",
        "alpha",
        "Krippendorff’s alpha",
        "Krippendorff’s alpha, ordinal",
        "Agreement beyond chance by the ranks of the grades, for any number of readers and with grades missing.",
    ),
    Coefficient(
        "ac2",
        "AC2",
        "Gwet’s AC2",
        "Gwet’s AC2, quadratic weights",
        "Agreement beyond chance, with a chance that stays small where one grade prevails: it does not drop as kappa "
        "does when nearly all grades are equal.",
    ),
    Coefficient(
        "icc_2_1",
        "ICC(2,1)",
        "ICC(2,1)",
        "ICC(2,1), absolute agreement",
        "Intraclass correlation: the share of the variance that lies between units. Readers are taken as a sample of "
        "readers, so one who grades higher throughout lowers it.",
    ),
    Coefficient(
        "icc_3_1",
        "ICC(3,1)",
        "ICC(3,1)",
        "ICC(3,1), consistency",
        "As ICC(2,1), but for these readers only and leaving out what one of them grades higher throughout.",
    ),
)
BY_CODE = {coefficient.code: coefficient for coefficient in COEFFICIENTS}


def is_too_narrow(entry: AgreementEntry, code: CoefficientCode) -> bool:
    """Say whether an entry's interval of a coefficient takes a participant's muscles for independent units."""
    return entry["muscle"] == OVERALL and code in ("icc_2_1", "icc_3_1") and entry[code]["ci_low"] is not None


def estimate_text(estimate: CoefficientEstimate) -> str:
    """Write ``0.93 [0.91, 0.94]``, ``0.93`` where there is no interval, and a dash where there is nothing."""
    limits = interval(estimate["ci_low"], estimate["ci_high"])
    return number(estimate["value"]) if limits == DASH else f"{number(estimate['value'])} {limits}"


def percent_text(estimate: CoefficientEstimate, *, unit: str = "") -> str:
    """Write a share as ``80 [70, 90]``, ``80`` where there is no interval, and a dash where there is nothing.

    Args:
        unit: what stands behind the share itself.
    """
    value, low, high = estimate["value"], estimate["ci_low"], estimate["ci_high"]
    if value is None:
        return DASH
    limits = "" if low is None or high is None else f" [{100 * low:.0f}, {100 * high:.0f}]"
    return f"{100 * value:.0f}{unit}{limits}"


def note_in_words(note: str, names: Mapping[str, str]) -> str:
    """Write a note of one line with the coefficients as ``names`` calls them, by code."""
    for code, name in names.items():
        note = note.replace(f"{code},", f"{name},").replace(f"{code}:", f"{name}:")
    return note


def notes_in_words(entry: AgreementEntry, among: Collection[CoefficientCode] = CODES) -> str:
    """Write an entry's notes, with coefficients as they are called above a column: ``ICC(2,1): fewer than two raters``.

    Args:
        among: the coefficients that are shown; what is to be known of the others alone is left out.
    """
    texts = []
    for note in entry["notes"]:
        heads = [BY_CODE[code].head for code in note["coefficients"] if code in among]
        if heads:
            texts.append(f"{', '.join(heads)}: {note['reason']}")
        elif not note["coefficients"]:
            texts.append(note["reason"])
    return "; ".join(texts)
