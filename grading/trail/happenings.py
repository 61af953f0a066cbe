"""What a record tells of, in the words of the pages: a read was taken back, somebody was removed."""

from dataclasses import dataclass

from grading.models import TrailRecord
from grading.scale import SIGNED_OFF
from grading.trail.tables import model_of

INSERT, UPDATE, DELETE = (operation.value for operation in TrailRecord.Operation)


@dataclass(frozen=True)
class Happening:
    """What happened, of one thing and of several."""

    one: str  # with {} where the name stands
    many: str  # with {} where the number stands

    def of(self, name: str) -> str:
        return " ".join(self.one.replace("{}", name).split())

    def of_several(self, number: int) -> str:
        return self.many.replace("{}", str(number))


def _times(one: str, many: str = "") -> Happening:
    return Happening(one, many or f"{one.replace(' {}', '')} ({{}} times)")


# By table and operation.
_PLAIN = {
    ("grading_study", INSERT): _times("study {} made"),
    ("grading_study", DELETE): _times("study {} deleted"),
    ("grading_diagnosisgroup", INSERT): _times("diagnosis group {} added", "{} diagnosis groups added"),
    ("grading_diagnosisgroup", UPDATE): _times("diagnosis group {} changed", "{} diagnosis groups changed"),
    ("grading_diagnosisgroup", DELETE): _times("diagnosis group {} deleted", "{} diagnosis groups deleted"),
    ("grading_studysite", INSERT): _times("study site {} added", "{} study sites added"),
    ("grading_studysite", UPDATE): _times("study site {} changed", "{} study sites changed"),
    ("grading_studysite", DELETE): _times("study site {} deleted", "{} study sites deleted"),
    ("grading_covariate", INSERT): _times("covariate {} defined", "{} covariates defined"),
    ("grading_covariate", UPDATE): _times("covariate {} changed", "{} covariates changed"),
    ("grading_covariate", DELETE): _times("covariate {} deleted", "{} covariates deleted"),
    ("grading_covariatevalue", INSERT): _times("{} stored", "{} values of covariates stored"),
    ("grading_covariatevalue", UPDATE): _times("{} changed", "{} values of covariates changed"),
    ("grading_covariatevalue", DELETE): _times("{} deleted", "{} values of covariates deleted"),
    ("grading_member", INSERT): _times("{} became a member", "{} people became members"),
    ("grading_member", DELETE): _times("{} removed from the study", "{} people removed from the study"),
    ("grading_unblinded", INSERT): _times("{} opened the study and saw the groups", "{} people saw the groups"),
    ("grading_participant", INSERT): _times("participant {} added", "{} participants added"),
    ("grading_participant", DELETE): _times("participant {} deleted", "{} participants deleted"),
    ("grading_mri", INSERT): _times("MRI {} added", "{} MRIs added"),
    ("grading_mri", DELETE): _times("MRI {} deleted", "{} MRIs deleted"),
    ("grading_stack", INSERT): _times("stack of MRI {} stored", "{} stacks stored"),
    ("grading_stack", DELETE): _times("stack of MRI {} deleted", "{} stacks deleted"),
    ("grading_referencegrade", INSERT): _times("reference grade stored", "{} reference grades stored"),
    ("grading_referencegrade", DELETE): _times("reference grade deleted", "{} reference grades deleted"),
    ("grading_readerdraw", INSERT): _times("readers drawn"),
    ("grading_charter", INSERT): _times("charter written"),
    ("grading_admission", INSERT): _times("{} admitted to the study’s own cases", "{} readers admitted"),
    ("grading_read", DELETE): _times("read taken back", "{} reads taken back"),
    ("grading_grade", INSERT): _times("graded", "grades of {} reads entered"),
    ("grading_grade", UPDATE): _times("grades changed", "grades of {} reads changed"),
    ("grading_grade", DELETE): _times("grades taken back", "grades of {} reads taken back"),
    ("grading_entry", DELETE): _times("entry taken out", "{} entries taken out"),
    ("grading_reopening", INSERT): _times("reopening noted, with the grades of then", "{} reopenings noted"),
    ("grading_query", INSERT): _times("query made", "{} queries made"),
    ("grading_adjudicationcase", INSERT): _times("case {} drawn for adjudication", "{} cases drawn for adjudication"),
    ("grading_adjudication", INSERT): _times("muscle adjudicated", "{} muscles adjudicated"),
    ("grading_unlock", INSERT): _times("unlocking asked for"),
    ("analysis_look", INSERT): _times("comparison looked at"),
    ("analysis_frozenframe", INSERT): _times("data frozen"),
    ("auth_user", INSERT): _times("account {} made", "{} accounts made"),
    ("auth_user", DELETE): _times("account {} deleted", "{} accounts deleted"),
}

_ROLE = _times("role of {} changed", "{} roles changed")
_SUSPENDED = _times("{} suspended", "{} people suspended")
_NO_LONGER_SUSPENDED = _times("suspension of {} ended", "{} suspensions ended")
_WITHDRAWN = _times("participant {} withdrawn", "{} participants withdrawn")
_TAKES_PART_AGAIN = _times("withdrawal of participant {} taken back", "{} withdrawals taken back")
_PARTICIPANT = _times("participant {} changed", "{} participants changed")
_MOVED = _times("MRI {} moved", "{} MRIs moved")
_MRI = _times("MRI {} changed", "{} MRIs changed")
_STACK_REFUSED = _times("stack of MRI {} refused", "{} stacks refused")
_STACK_APPROVED = _times("stack of MRI {} approved", "{} stacks approved")
_LOCKED, _UNLOCKED = _times("study locked"), _times("study unlocked")
_SETTINGS = _times("the study’s settings changed")
_ASSIGNED = _times("read assigned", "{} reads assigned")
_BROUGHT_IN = _times("read brought in by a file", "{} reads brought in by a file")
_SIGNED = _times("read signed off", "{} reads signed off")
_REOPENED = _times("sign-off taken away", "{} sign-offs taken away")
_TAKEN_BACK_BY_READER = _times(
    "sign-off taken back by its reader, with the grades of then", "{} sign-offs taken back by their readers"
)
_OPENED = _times("read opened", "{} reads opened")
_READ = _times("read changed", "{} reads changed")
_CONFIRMED = _times("unlocking confirmed")
_NOTES = {
    "asked": _times("query asked", "{} queries asked"),
    "answered": _times("query answered", "{} queries answered"),
    "closed": _times("query closed", "{} queries closed"),
    "dismissed": _times("proposed query dismissed", "{} proposed queries dismissed"),
}
_CORRECTED = _times("decision on a muscle corrected", "{} decisions corrected")
_NO_LONGER_ASKED = _times("request to unlock taken back")


def happening(record: TrailRecord) -> Happening:
    """Find the words for a record by its table, its operation and what changed."""
    before, after = record.before or {}, record.after or {}
    if plain := _of_insert_or_delete(record.table, record.operation, after):
        return plain
    if record.table == "grading_read":
        return _of_read(before, after)
    if (changed := _CHANGED.get(record.table)) is None:
        return _otherwise(record)
    column, is_set, is_empty, other = changed
    if column in before | after:
        return is_set if after.get(column) else is_empty
    return other


# By table: of an update the column that says most, what it means if it is set, if it is emptied, and of any other.
_CHANGED = {
    "grading_member": ("suspended_at", _SUSPENDED, _NO_LONGER_SUSPENDED, _ROLE),
    "grading_participant": ("withdrawn_at", _WITHDRAWN, _TAKES_PART_AGAIN, _PARTICIPANT),
    "grading_mri": ("participant_id", _MOVED, _MOVED, _MRI),
    "grading_stack": ("refused_at", _STACK_REFUSED, _STACK_REFUSED, _STACK_APPROVED),
    "grading_study": ("locked_at", _LOCKED, _UNLOCKED, _SETTINGS),
    "grading_unlock": ("taken_back_at", _NO_LONGER_ASKED, _NO_LONGER_ASKED, _CONFIRMED),
}


def _of_insert_or_delete(table: str, operation: str, after: dict) -> Happening | None:
    if (table, operation) == ("grading_read", INSERT):
        return _BROUGHT_IN if after.get("imported_at") else _ASSIGNED
    if (table, operation) == ("grading_reopening", INSERT) and after.get("kind") == "taken_back":
        return _TAKEN_BACK_BY_READER
    if (table, operation) == ("grading_querynote", INSERT) and (noted := _NOTES.get(str(after.get("kind")))):
        return noted
    if (table, operation) == ("grading_adjudication", INSERT) and after.get("corrects_id"):
        return _CORRECTED
    return _PLAIN.get((table, operation))


def _of_read(before: dict, after: dict) -> Happening:
    if after.get("status") == SIGNED_OFF:
        return _SIGNED
    if before.get("status") == SIGNED_OFF:
        return _REOPENED
    return _OPENED if "opened_at" in after else _READ


def _otherwise(record: TrailRecord) -> Happening:
    """Say it with the model's own name: of what happens seldom."""
    model = model_of(record.table)
    what = "account" if record.table == "auth_user" else str(model._meta.verbose_name) if model else record.table
    done = str(dict(TrailRecord.Operation.choices).get(record.operation, record.operation))
    return _times(f"{what} {{}} {done}")
