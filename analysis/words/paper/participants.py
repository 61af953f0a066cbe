"""Who was registered and analysed, and who the participants are, as sentences of a paper (STROBE, items 13 and 14)."""

from collections.abc import Iterator

from analysis.stats.result_types.described import Described, DescribedParticipants
from analysis.words.paper.findings import Findings
from analysis.words.participants.table import median_and_quartiles, reading_days
from analysis.words.prose import listed, sentence

_MEDIANS = {
    "age_years": ("age", " years"),
    "disease_duration_months": ("disease duration", " months"),
    "ck_u_per_l": ("creatine kinase", " U/L"),
}


def who(findings: Findings) -> Iterator[str]:
    """Say who was left out, who the participants are as far as it is known, and when their MRIs were read."""
    yield from findings.left_out
    described = findings.described
    if described is None or not described["participants"]["total"]:
        return
    if known := [*_medians(described), *_women(described)]:
        yield f"Table 1 describes them: {'; '.join(known)}."
    if days := reading_days(described):
        yield sentence(days)


def _medians(described: DescribedParticipants) -> Iterator[str]:
    for each in described["characteristics"]:
        if each["name"] in _MEDIANS and each["total"]["n"]:
            name, unit = _MEDIANS[each["name"]]
            parts = [
                f"{median_and_quartiles(own)}{unit} in {group}" for group, own in each["by_group"].items() if own["n"]
            ]
            yield f"median {name} [IQR] was {listed(parts)}{_missing(each['total'])}"


def _women(described: DescribedParticipants) -> Iterator[str]:
    for each in described["characteristics"]:
        if each["name"] == "sex" and each["total"]["n"]:
            parts = [
                f"{own['levels']['female']:,} of {own['n']:,} participants with {group}"
                for group, own in each["by_group"].items()
                if own["n"]
            ]
            yield f"{listed(parts)} were female{_missing(each['total'])}"


def _missing(described: Described) -> str:
    return f" ({described['missing']:,} missing)" if described["missing"] else ""
