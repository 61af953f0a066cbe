"""Who the participants of a comparison are, group by group: Table 1 (STROBE, item 14).

Numbers have median, quartiles (Hyndman & Fan's type 7: linear interpolation, the default of numpy and R), mean,
standard deviation (n − 1) and range, of the participants who have a value; levels are counted. Who has no value is
counted as missing. Groups are described and never tested: they were not drawn at random from one population.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import compress
from typing import Any, get_args

import numpy as np
import pandas as pd

from analysis.stats.covariates import Covariate
from analysis.stats.flow import count, flow
from analysis.stats.inclusion import IN, Stages, stages
from analysis.stats.question import Question
from analysis.stats.result_types.described import Characteristic, CharacteristicName, Described, DescribedParticipants

# In the table's order; what a study defines stands behind the clinical values. Levels that are known beforehand are
# counted where nobody has them, too.
_NUMBERS: tuple[CharacteristicName, ...] = ("age_years", "disease_duration_months", "ck_u_per_l", "scan_year", "reads")
_ORDER: tuple[CharacteristicName, ...] = get_args(CharacteristicName)
_BEHIND_CLINICAL = _ORDER.index("scan_year")
_SEXES = ("female", "male")
_MRIS = ("1", "2 or more")

_Values = Mapping[str, tuple[Any, ...]]  # of each participant: numbers, or the levels that it has; none where missing


def described(
    participants: pd.DataFrame,
    reads: pd.DataFrame,
    question: Question,
    *,
    study: str = "",
    found: Stages | None = None,
    defined: Iterable[Covariate] = (),
) -> DescribedParticipants:
    """Describe the participants of a comparison: how they came into it, and who they are.

    sequence, feature, reads: of the reads that are in the comparison. scan_year: of the first MRI. mris: how many MRIs
    the study has of a participant, as ``1`` or ``2 or more``.

    Args:
        participants, reads: the tables of `roster.Roster`.
        found: what ``stages`` gives of these, where that is known already.
        defined: covariates that the study defines, by name.
    """
    own = {covariate.name: covariate for covariate in defined}
    names = [*_ORDER[:_BEHIND_CLINICAL], *own, *_ORDER[_BEHIND_CLINICAL:]]
    found = found or stages(participants, reads, question)
    stage_of_participant, stage_of_read = found
    people, read = participants[stage_of_participant == IN], reads[stage_of_read == IN]
    codes = (question.compared, question.reference)
    groups = {code: (people["group"] == code).to_numpy() for code in codes}
    return {
        "study": study,
        "set": question.analysis_set,
        "groups": {"reference": question.reference, "compared": question.compared},
        "flow": flow(participants, reads, question, found),
        "participants": count(np.ones(len(people), dtype=bool), groups),
        "characteristics": [
            _characteristic(name, _values(name, people, read), groups, own.get(name)) for name in names
        ],
        "signed_off_here": _signed_off(read),
    }


def _characteristic(
    name: str, values: _Values, groups: Mapping[str, np.ndarray], own: Covariate | None
) -> Characteristic:
    everybody = list(values.values())
    is_number = own.kind == "number" if own else name in _NUMBERS
    levels = None if is_number else own.levels if own else _levels(name, values)
    return {
        "name": name,
        "label": own.meaning if own else "",
        "unit": own.unit if own else "",
        "kind": "number" if levels is None else "levels",
        "total": _described(everybody, levels),
        "by_group": {code: _described(list(compress(everybody, own)), levels) for code, own in groups.items()},
    }


def _values(name: str, people: pd.DataFrame, reads: pd.DataFrame) -> _Values:
    codes = people["participant"].tolist()
    if name == "reads":
        counts = Counter(reads["participant"].tolist())
        return {code: (counts[code],) for code in codes}
    if name in ("sequence", "feature"):
        seen: dict[str, tuple[str, ...]] = dict.fromkeys(codes, ())
        for code, level in reads[["participant", name]].drop_duplicates().itertuples(index=False):
            seen[code] += (level,)
        return seen
    if name == "mris":
        return {code: (_MRIS[number > 1],) for code, number in zip(codes, people["mris"].tolist(), strict=True)}
    return {code: () if _is_missing(each) else (each,) for code, each in zip(codes, people[name].tolist(), strict=True)}


def _is_missing(value: Any) -> bool:
    return value is None or value == "" or value != value


def _levels(name: str, values: _Values) -> tuple[str, ...]:
    """List the levels: those known beforehand, else the commonest first."""
    if name in ("sex", "mris"):
        return _SEXES if name == "sex" else _MRIS
    found = Counter(level for levels in values.values() for level in levels)
    return tuple(sorted(found, key=lambda level: (-found[level], level)))


def _described(values: list[tuple[Any, ...]], levels: tuple[str, ...] | None) -> Described:
    known = [each for each in values if each]
    counts = {level: sum(level in each for each in known) for level in levels or ()}
    numbers = np.array([] if levels is not None else [float(number) for (number,) in known])
    low, q1, median, q3, high = np.quantile(numbers, [0, 0.25, 0.5, 0.75, 1]) if len(numbers) else [None] * 5
    return {
        "n": len(known),
        "missing": len(values) - len(known),
        "median": _plain(median),
        "q1": _plain(q1),
        "q3": _plain(q3),
        "mean": float(numbers.mean()) if len(numbers) else None,
        "sd": float(numbers.std(ddof=1)) if len(numbers) > 1 else None,
        "min": _plain(low),
        "max": _plain(high),
        "levels": counts,
    }


def _plain(number: Any) -> float | None:
    return None if number is None else float(number)


def _signed_off(reads: pd.DataFrame) -> Any:
    """Give the days of the first and the last sign-off of what is compared, of reads that were made on this site."""
    days = sorted(str(day) for day in reads["signed_off_here_on"] if day)
    return {"reads": len(days), "first": days[0] if days else None, "last": days[-1] if days else None}
