"""What a charter's page shows: under each heading what the site knows by itself, and what was written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grading.models import Charter, Member, Study
from grading.models.study import TARGETS_OF_AGREEMENT
from grading.roles import ROLES
from grading.scale import SCALE


@dataclass(frozen=True)
class Fact:
    """One thing that the site knows of a study; whether its readers see it, who learn nobody's name and no group."""

    heading: str
    name: str
    value: str
    for_readers: bool = True

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


@dataclass(frozen=True)
class Section:
    title: str
    facts: tuple[str, ...]
    text: str


TITLES = {
    "reading": "Who reads what",
    "scale": "Scale",
    "disagreement": "Rules for disagreement",
    "analysis": "Planned analysis",
    "looks": "Planned looks",
}


def facts_of(study: Study) -> list[Fact]:
    """List what the site knows now."""
    groups = [f"{group.name} ({group.code}{', the reference' * group.is_reference})" for group in study.groups.all()]
    steps = "; ".join(f"{step.score} {step.name}, {step.extent}" if step.score else "0 normal" for step in SCALE)
    return [
        *_members(study),
        Fact("reading", "Readers of each MRI", _readers(study)),
        Fact("reading", "Calibration before the study’s own cases", _calibration(study)),
        Fact("reading", "Wash-out before a re-read", f"{study.wash_out_days} days"),
        Fact("scale", "Grades", steps),
        Fact("scale", "Thighs", str(study.get_sides_display())),
        Fact("disagreement", "Differences of first reads that are adjudicated", _adjudicated(study)),
        Fact("analysis", "Targets of agreement", _targets(study)),
        Fact("analysis", "Groups", "; ".join(groups) or "none yet", for_readers=False),
        Fact("looks", "Until the study is locked", _looks(study), for_readers=False),
    ]


def _adjudicated(study: Study) -> str:
    which = str(study.get_adjudicates_from_display() or "none")
    return f"{which}; the readers of a case decide together" if study.adjudicates_from and study.by_consensus else which


def sections_of(charter: Charter | None, facts: Iterable[Fact]) -> tuple[Section, ...]:
    """List the sections of a version, each with its facts; without a version, with the facts alone."""
    facts = list(facts)
    return tuple(
        Section(title, tuple(str(fact) for fact in facts if fact.heading == heading), getattr(charter, heading, ""))
        for heading, title in TITLES.items()
    )


def as_text(facts: Iterable[Fact]) -> str:
    """Write facts as a version keeps them, a line each."""
    return "\n".join(map(str, facts))


def known_then(charter: Charter, facts: Iterable[Fact]) -> list[str]:
    """List what was otherwise when a version was written."""
    now = {str(fact) for fact in facts}
    return [line for line in charter.known.splitlines() if line not in now]


def _members(study: Study) -> Iterator[Fact]:
    members = list(study.members.not_suspended().select_related("user").order_by("user__username"))
    for role in ROLES:
        names = [_name(member) for member in members if member.role == role.code]
        yield Fact("reading", f"{role.title.capitalize()}s", ", ".join(names) or "none yet", for_readers=False)


def _name(member: Member) -> str:
    return member.user.get_full_name() or member.user.get_username()


def _readers(study: Study) -> str:
    return f"{study.readers_per_mri}, drawn at random" if study.draws_readers else "every reader"


def _calibration(study: Study) -> str:
    if not study.asks_to_calibrate:
        return "not asked for"
    return f"{study.calibration_cases} cases of each feature, with an ICC(2,1) of {study.calibration_icc} or more"


def _targets(study: Study) -> str:
    """Tell how far the readers are to agree; also where that is not set, so that one who sets it later is told of."""
    least = {words: getattr(study, name) for name, words in TARGETS_OF_AGREEMENT.items()}
    return "; ".join(f"{words}, {value} or more" for words, value in least.items() if value is not None) or "none"


def _looks(study: Study) -> str:
    return "the comparison is hidden" if study.hides_comparison else "the comparison is shown, and each look is counted"
