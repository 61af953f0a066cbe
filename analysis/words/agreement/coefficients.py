"""What the coefficients of agreement are called, and what each of them says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.stats.agreement.inter_reader import OVERALL
from analysis.stats.agreement.summary import COEFFICIENTS as CODES


@dataclass(frozen=True)
class Coefficient:
    code: str  # in JSON and in addresses
    head: str  # above a column
    name: str
    meaning: str


COEFFICIENTS = (
    Coefficient(
        "exact", "exact", "exact agreement", "Share of pairs of grades that are equal. Part of it is mere chance."
    ),
    Coefficient(
        "within_one", "within 1", "agreement within 1", "Share of pairs of grades that are at most one step apart."
    ),
    Coefficient(
        "kappa_linear",
        "kappa lin.",
        "Cohen’s kappa, linear weights",
        "Agreement beyond what two readers’ own shares of grades bring by chance; a difference counts by its steps. "
        "With more than two readers, the mean over pairs. It can be low where nearly all grades are equal, however "
        "rarely readers differ.",
    ),
    Coefficient(
        "kappa_quadratic",
        "kappa quad.",
        "Cohen’s kappa, quadratic weights",
        "As with linear weights, but a difference counts by its square: large ones weigh more.",
    ),
    Coefficient(
        "alpha_ordinal",
        "alpha",
        "Krippendorff’s alpha, ordinal",
        "Agreement beyond chance by the ranks of the grades, for any number of readers and with grades missing.",
    ),
    Coefficient(
        "ac2",
        "AC2",
        "Gwet’s AC2, quadratic weights",
        "Agreement beyond chance, with a chance that stays small where one grade prevails: it does not drop as kappa "
        "does when nearly all grades are equal.",
    ),
    Coefficient(
        "icc_2_1",
        "ICC(2,1)",
        "ICC(2,1), absolute agreement",
        "Intraclass correlation: the share of the variance that lies between units. Readers are taken as a sample of "
        "readers, so one who grades higher throughout lowers it.",
    ),
    Coefficient(
        "icc_3_1",
        "ICC(3,1)",
        "ICC(3,1), consistency",
        "As ICC(2,1), but for these readers only and leaving out what one of them grades higher throughout.",
    ),
)
BY_CODE = {coefficient.code: coefficient for coefficient in COEFFICIENTS}
_CODE = re.compile(rf"\b({'|'.join(CODES)})\b")


def is_too_narrow(entry: Mapping[str, Any], code: str) -> bool:
    """Whether an entry's interval of a coefficient takes a participant's muscles for independent units."""
    return entry["muscle"] == OVERALL and code in ("icc_2_1", "icc_3_1") and entry[code]["ci_low"] is not None


def note_in_words(note: str) -> str:
    """A note of an entry, with its coefficients as they are called on the page."""
    return _CODE.sub(lambda found: BY_CODE[found[0]].head, note)
