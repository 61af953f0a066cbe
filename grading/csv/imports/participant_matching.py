"""What the participants of a file change in a study: what is new, what fills a gap, and what contradicts it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import cast

from grading.codes.nearness import nearest
from grading.codes.similarity import similar_codes
from grading.csv.covariate_columns import SITE
from grading.csv.imports.first_mris import DaysOfMRI, check_first_mri
from grading.csv.imports.participant_rows import MRIInFile, ParticipantInFile
from grading.csv.imports.row_parser import quoted
from grading.models import MRI, Covariate, DiagnosisGroup, Participant, Study, StudySite
from grading.models.covariate import load_covariates
from grading.models.participant import codes_elsewhere
from grading.models.study_site import own_site
from grading.sheets.refusal import Problems
from thighsite.clock import database_now

OF_THE_STUDY = "Or is the study's own code misspelt? A coordinator of the whole study puts it right in the settings"


@dataclass(frozen=True)
class KnownParticipant:
    """A participant of the study with their MRIs, by code."""

    participant: Participant
    mris: dict[str, MRI]


@dataclass
class MatchedParticipants:
    participants: list[Participant] = field(default_factory=list)  # new ones
    mris: list[MRI] = field(default_factory=list)  # new ones
    filled: dict[Participant | MRI, list[str]] = field(default_factory=dict)  # names of values that were missing
    covariates: dict[str, Covariate] = field(default_factory=dict)  # those that the study defines, by name
    sites: dict[str, StudySite] = field(default_factory=dict)  # of the study, by code
    limit: StudySite | None = None  # of who imports: whoever is new belongs to it
    skipped: int = 0  # MRIs that are stored already

    @property
    def own(self) -> tuple[str, ...]:
        """List the values that participants of this study have beside those of every study."""
        return (*self.covariates, *([SITE] if self.sites else []))

    @property
    def with_covariates(self) -> dict[Participant, list[str]]:
        """List the covariates of which participants get a value: new participants, and those who had none."""
        new = {each: [name for name in self.covariates if getattr(each, name) not in (None, "")]
               for each in self.participants}  # fmt: skip
        late = {row: [name for name in names if name in self.covariates] for row, names in self.filled.items()
                if isinstance(row, Participant)}  # fmt: skip
        return new | late


def known_participants(study: Study) -> dict[str, KnownParticipant]:
    """Fetch the participants of a study with their MRIs, by code, in four queries."""
    participants = {each.pk: each for each in study.participants.select_related("group", "site")}
    load_covariates([*participants.values()])
    mris: dict[object, dict[str, MRI]] = {pk: {} for pk in participants}
    for mri in study.mris.order_by():
        mris[mri.participant_id][mri.code] = mri
    return {each.code: KnownParticipant(each, mris[pk]) for pk, each in participants.items()}


def match_participants(
    study: Study,
    known: dict[str, KnownParticipant],
    in_file: dict[str, ParticipantInFile],
    problems: Problems,
) -> MatchedParticipants:
    """Compare every participant of the file with what is stored; contradictions are added to the problems."""
    groups = {group.code: group for group in study.groups.all()}
    matched = MatchedParticipants(
        covariates={covariate.name: covariate for covariate in study.covariates.all()},
        sites={site.code: site for site in study.sites.all()},
        limit=own_site(),
    )
    elsewhere = codes_elsewhere(study, in_file.keys())
    for code, found in in_file.items():
        _check_site(code, found, elsewhere, matched, problems)
        if (group := found.fields["group"]) not in groups:
            problems.add(f"{quoted(group)} is not a group of the study{_known(group, groups)}.", found.line, "group")
        else:
            stored = known.get(code) or KnownParticipant(_new(study, code, found, groups, matched), {})
            _match(stored, found, matched, problems)
    return matched


def _new(
    study: Study,
    code: str,
    found: ParticipantInFile,
    groups: dict[str, DiagnosisGroup],
    matched: MatchedParticipants,
) -> Participant:
    fields = found.fields | {"group": groups[found.fields["group"]]}
    if fields.pop("withdrawn", False):
        fields["withdrawn_at"] = database_now()
    fields[SITE] = matched.sites.get(fields.get(SITE, ""), matched.limit)
    own = {name: fields.pop(name, covariate.empty) for name, covariate in matched.covariates.items()}
    participant = Participant(study=study, code=code, **fields)
    participant.own_covariates = matched.covariates
    for name, value in own.items():
        setattr(participant, name, value)
    matched.participants.append(participant)
    return participant


def _match(
    stored: KnownParticipant, found: ParticipantInFile, matched: MatchedParticipants, problems: Problems
) -> None:
    """Take from the file what is new of one participant: values that were missing, and MRIs."""
    participant = stored.participant
    _compare(f"participant {quoted(participant.code)}", participant, found, matched, problems)
    is_changed = False
    for code, found_mri in found.mris.items():
        if mri := stored.mris.get(code):
            matched.skipped += 1
            _compare(f"MRI {quoted(code)}", mri, found_mri, matched, problems)
            is_changed |= mri in matched.filled
        else:
            matched.mris.append(
                MRI(study_id=participant.study_id, participant=participant, code=code, **found_mri.fields)
            )
            is_changed = True
    if is_changed:  # those that were stored before days were asked for may stay as they are
        check_first_mri(participant.code, _days(stored, found), problems)


def _days(stored: KnownParticipant, found: ParticipantInFile) -> list[DaysOfMRI]:
    """List the MRIs that the participant then has; what the file fills of the stored ones is filled already."""
    days = {code: DaysOfMRI(code, mri.days_since_first_mri, mri.scan_year, None) for code, mri in stored.mris.items()}
    for code, of_file in found.mris.items():
        known = days.get(code, DaysOfMRI(code, None, None, None))
        said = of_file.fields
        days[code] = replace(
            known,
            days=said.get("days_since_first_mri", known.days),
            year=said.get("scan_year", known.year),
            line=of_file.line,
        )
    return list(days.values())


def _compare(
    what: str,
    stored: Participant | MRI,
    found: ParticipantInFile | MRIInFile,
    matched: MatchedParticipants,
    problems: Problems,
) -> None:
    """Take what the study is missing from the file, and refuse what the file says differently."""
    for name, value in found.fields.items():
        if name == "withdrawn":  # of participants
            _check_withdrawn(what, cast(Participant, stored), found.line, problems)
            continue
        kept = getattr(stored, name)
        if name in ("group", SITE) and kept is not None:
            kept = kept.code
        if kept in (None, ""):
            setattr(stored, name, matched.sites[value] if name == SITE else value)
            matched.filled.setdefault(stored, []).append(name)
        elif kept != value:
            problems.add(
                f"'{value}' for {what}, but the study has '{kept}'. It is corrected on the participant's page.",
                found.line,
                name,
            )


def _check_site(
    code: str, found: ParticipantInFile, elsewhere: set[str], matched: MatchedParticipants, problems: Problems
) -> None:
    """Refuse, of somebody who is limited to a study site, a participant who is of another."""
    said = found.fields.get(SITE)
    if matched.limit and said not in (None, matched.limit.code):
        problems.add(f"You are limited to the study site {matched.limit.code}; this is {said}.", found.line, SITE)
    elif code in elsewhere:
        said = f"A participant who is not of your study site has the code {quoted(code)}."
        problems.add(said, found.line, "participant")


def _check_withdrawn(what: str, stored: Participant, line: int, problems: Problems) -> None:
    """Refuse to withdraw a participant of the study by a file. ``withdrawn`` is true wherever a file says it."""
    if not (stored._state.adding or stored.is_withdrawn):
        problems.add(f"{what} takes part here. Withdraw them on the participant's page.", line, "withdrawn")


def _known(group: str, groups: Iterable[str]) -> str:
    """List the study's groups, and say which of them was probably meant, or who puts a slip of the study's right."""
    meant = nearest(group, groups) or next((pair.other for pair in similar_codes([group], groups)), None)
    return f" ({', '.join(groups) or 'none'}){f'; write {meant}. {OF_THE_STUDY}' if meant else ''}"
