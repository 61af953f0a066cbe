"""The GRRAS checklist, filled as far as the study's data answer it.

Source: Kottner J, Audigé L, Brorson S, et al. Guidelines for Reporting Reliability and Agreement Studies (GRRAS)
were proposed. J Clin Epidemiol 2011;64:96–106. The wording of the items is ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.words.agreement.table import between_readers, over_all_muscles
from analysis.words.paper.agreement import agreement_results
from analysis.words.paper.findings import Findings
from analysis.words.prose import counted, sentence

TO_COMPLETE = "To be completed by the authors: "


@dataclass(frozen=True)
class Item:
    """One of the fifteen items. ``answer`` holds `TO_COMPLETE` where the authors alone can answer."""

    number: int
    section: str
    asks: str
    answer: str

    @property
    def is_open(self) -> bool:
        """Say whether the authors have something to complete."""
        return TO_COMPLETE in self.answer


def grras(findings: Findings) -> list[Item]:
    """Answer the fifteen items in their order."""
    return [
        Item(number, section, asks, sentence(answer))
        for number, ((section, asks), answer) in enumerate(zip(_ITEMS, _answers(findings), strict=True), start=1)
    ]


def as_text(items: list[Item]) -> str:
    """Write a line for each item: number, what it asks, answer; tabs between, as a spreadsheet or a table takes it."""
    return "\n".join(f"{item.number}\t{item.asks}\t{item.answer}" for item in items)


_ITEMS = (
    ("Title and abstract", "Title or abstract says that reliability or agreement was investigated"),
    ("Introduction", "The measurement device"),
    ("Introduction", "The population of participants"),
    ("Introduction", "The population of raters"),
    ("Introduction", "What is known already, and why the study"),
    ("Methods", "How the sample size was chosen; raters, participants and replicates"),
    ("Methods", "How participants and raters were sampled"),
    ("Methods", "The rating process: intervals, clinical information, blinding"),
    ("Methods", "Whether ratings were independent"),
    ("Methods", "The statistical analysis"),
    ("Results", "Raters, participants and replicates that were included"),
    ("Results", "Characteristics of raters and participants"),
    ("Results", "Estimates of reliability and agreement with their uncertainty"),
    ("Discussion", "The practical relevance of the results"),
    ("Auxiliary material", "Detailed results"),
)


def _answers(findings: Findings) -> Iterator[str]:
    yield f"{TO_COMPLETE}the title and the abstract"
    yield f"Ordinal score 0–3 of eleven thigh muscles on MRI. {TO_COMPLETE}scanners and protocols"
    groups = findings.main["groups"]
    others = "; agreement takes the participants of all diagnosis groups" if findings.has_other_groups else ""
    yield f"Participants with {groups['reference']} or {groups['compared']}{others}. {TO_COMPLETE}criteria and setting"
    yield f"{TO_COMPLETE}who the readers stand for"
    yield f"{TO_COMPLETE}what is known, and the rationale"
    yield f"Included numbers: see item 11. {TO_COMPLETE}how they were chosen"
    yield f"{TO_COMPLETE}how participants and readers were sampled"
    yield _process(findings)
    yield _independence(findings)
    yield "See the methods paragraph" if len(findings.agreement["readers"]) > 1 else "No agreement was computed"
    yield _included(findings)
    yield f"{TO_COMPLETE}experience and training of the readers; characteristics of the participants"
    yield " ".join(agreement_results(findings.agreement))
    yield f"{TO_COMPLETE}what the agreement means in practice"
    yield "The bundle of this study (ZIP): agreement.json has every coefficient by muscle, pair of readers and reader"


def _process(findings: Findings) -> str:
    made = (
        "On this site readers saw neither diagnosis groups nor clinical data, and neutral case labels alone, in a "
        "random order of their own"
    )
    return f"{made}. {_of_imported(findings)}{TO_COMPLETE}intervals between ratings, and what readers knew otherwise"


def _independence(findings: Findings) -> str:
    made = "On this site no reader saw another’s grades"
    return f"{made}. {_of_imported(findings)}{TO_COMPLETE}whether readers conferred elsewhere"


def _of_imported(findings: Findings) -> str:
    if findings.reads_imported == 0:
        return ""
    if findings.reads_imported is None:
        return "Of imported reads the site cannot say how they were made. "
    imported = counted(findings.reads_imported, "signed-off read")
    return f"The site cannot say this of the {imported} imported from elsewhere. "


def _included(findings: Findings) -> str:
    agreement = findings.agreement
    twice = between_readers(agreement)["units"]
    again = sum(entry["units"] for entry in over_all_muscles(agreement["intra"]))
    beyond = " of all diagnosis groups" if findings.has_other_groups else ""
    return (
        f"{counted(len(agreement['readers']), 'reader')}; {counted(findings.main['n']['participants'], 'participant')} "
        f"in the comparison; {counted(twice, 'muscle')} graded by two readers or more{beyond} (muscle, "
        f"participant and side taken together); {again} graded again by the same reader"
    )
