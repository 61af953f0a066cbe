"""The columns of every CSV, once: what imports read, exports write and the codebook explains. Pure: no Django."""

from dataclasses import dataclass

from grading.ages import TOP_AGE_YEARS
from grading.anatomy import MUSCLE_BY_CODE, MUSCLE_CODES, MUSCLES, SIDES, TOGETHER, Cell
from grading.blind_code import MAX_LENGTH
from grading.limits import MAX_COMMENT_LENGTH
from grading.scale import FEATURE_NAMES, FEATURES, SCALE, SEQUENCES, STATUSES

MAX_CODE_LENGTH = 40
MAX_GROUP_LENGTH = 20
NOT_ASSESSABLE = "NA"  # in the wide CSV


@dataclass(frozen=True)
class Column:
    """A column of a CSV. ``labels``: the only values that it may have, where these are few, each in words."""

    name: str
    type: str
    unit: str
    allowed: str
    meaning: str
    labels: tuple[tuple[str, str], ...] = ()
    missing: str = ""  # beside an empty cell, what stands for a value that there is none of


_CODE = f"1 to {MAX_CODE_LENGTH} characters"
_TIME = "YYYY-MM-DDThh:mm:ssZ, seconds with up to six decimals, or empty"
_SCORES = "; ".join(f"{step.score} {step.name} ({step.extent})" for step in SCALE)
_SCORE_LABELS = tuple((str(step.score), f"{step.name} ({step.extent})") for step in SCALE)
_SEXES = (("female", "female"), ("male", "male"))
_SEQUENCE_LABELS = tuple((sequence, sequence) for sequence in SEQUENCES)
_FEATURE_LABELS = tuple((feature, FEATURE_NAMES[feature]) for feature in FEATURES)
_MUSCLE_LABELS = tuple((muscle.code, muscle.name) for muscle in MUSCLES)
_SIDE_LABELS = tuple((side, side) for side in SIDES)
_STATUS_LABELS = tuple((status, status.replace("_", " ")) for status in STATUSES)

_PARTICIPANT = Column("participant", "text", "", _CODE, "pseudonymous code of the participant")
_GROUP = Column("group", "text", "", f"1 to {MAX_GROUP_LENGTH} characters", "diagnosis group of the participant")
_AGE = f"age at the first MRI; {TOP_AGE_YEARS} means {TOP_AGE_YEARS} or more"
_DAYS = "days since the first MRI; of several MRIs each has its own, and 0 is the first"
_MRI = Column("mri", "text", "", _CODE, "code of the examination, unique for the participant")
_SCAN_YEAR = Column("scan_year", "whole number", "year", "1970 to this year, or empty", "year of the examination")
_DAYS_SINCE = Column("days_since_first_mri", "whole number", "days", "0 or more; empty only for an only MRI", _DAYS)
_WITHDRAWN = Column(
    "withdrawn", "true or false", "", "true, false", "whether the participant has withdrawn, and so is in no comparison"
)

PARTICIPANT_COLUMNS = (
    _PARTICIPANT,
    _GROUP,
    _MRI,
    Column("sex", "text", "", "female, male or empty", "sex", _SEXES),
    Column("age_years", "whole number", "years", f"0 to {TOP_AGE_YEARS}, or empty", _AGE),
    Column("autoantibody", "text", "", f"up to {MAX_CODE_LENGTH} characters", "myositis autoantibody"),
    Column("ck_u_per_l", "number", "U/L", "0 to 10000000, or empty", "creatine kinase"),
    Column("disease_duration_months", "number", "months", "0 to 1500, or empty", "time since disease onset"),
    _SCAN_YEAR,
    _DAYS_SINCE,
    _WITHDRAWN,
)

_READER = Column("reader", "text", "", "user name", "who graded")
_OCCASION = Column("occasion", "whole number", "", "1 or more", "1 for the first read, 2, 3 and so on for re-reads")
_SEQUENCE = Column("sequence", "text", "", ", ".join(SEQUENCES), "sequence that was read", _SEQUENCE_LABELS)
_DESCRIBED = "what the grades describe: edema or fatty infiltration"
_FEATURE = Column("feature", "text", "", ", ".join(FEATURES), _DESCRIBED, _FEATURE_LABELS)
_READ = (
    _PARTICIPANT,
    _GROUP,
    _MRI,
    _READER,
    _OCCASION,
    _SEQUENCE,
    _FEATURE,
)
_SIDE_MEANS = "both where the thighs are graded together, else left or right"
_SCORE_MEANS = "ordinal grade of the muscle"
_GRADE = (
    Column("muscle", "text", "", ", ".join(MUSCLE_CODES), "muscle that was graded", _MUSCLE_LABELS),
    Column("side", "text", "", ", ".join(SIDES), _SIDE_MEANS, _SIDE_LABELS),
    Column("score", "whole number", "grade", f"{_SCORES}; empty if not assessable", _SCORE_MEANS, _SCORE_LABELS),
    Column("not_assessable", "true or false", "", "true, false", "whether the muscle could not be judged"),
)
_POSITION = Column("position", "whole number", "", "1 or more, or empty", "place of the read in the reader's order")
_STATUS = Column("status", "text", "", ", ".join(STATUSES), "state of the read", _STATUS_LABELS)
_PASS = (
    _POSITION,
    Column("opened_at", "time", "UTC", _TIME, "when the reader first opened the read"),
    Column("signed_off_at", "time", "UTC", f"{_TIME} unless signed off", "when the reader signed the read off"),
    _STATUS,
)

# Behind the fifteen columns that other programs know.
_PACE = (
    Column("comment", "text", "", f"up to {MAX_COMMENT_LENGTH} characters", "what the reader noted"),
    Column("first_entry_at", "time", "UTC", _TIME, "when the first grade was entered"),
    Column("last_entry_at", "time", "UTC", _TIME, "when the last grade was entered"),
    Column(
        "active_seconds",
        "number",
        "seconds",
        "0 or more, or empty if not measured",
        "reading time, pauses of over two minutes left out",
    ),
)
_SIGNATURE = (
    Column("signature", "text", "", "64 hexadecimal digits unless not signed off", "SHA-256 of what was signed off"),
)

_IMPORTED = (
    Column(
        "imported", "true or false", "", "true, false", "whether a file brought the read in, graded before elsewhere"
    ),
)

_BLIND_CODE = Column(
    "blind_code", "text", "", f"4 to {MAX_LENGTH} letters and digits", "what the read is called to its reader"
)

READING_LIST_COLUMNS = (
    _BLIND_CODE,
    _FEATURE,
    _SEQUENCE,
    _STATUS,
    Column("place", "whole number", "", "1 or more", "place of the case among those that have come up"),
)
READING_LISTS_COLUMNS = (
    _READER,
    _POSITION,
    _BLIND_CODE,
    _PARTICIPANT,
    _MRI,
    _SCAN_YEAR,
    _DAYS_SINCE,
    _FEATURE,
    _SEQUENCE,
    _OCCASION,
    _STATUS,
    Column("comes_up_at", "time", "UTC", _TIME, "when a re-read comes up; empty for first reads"),
)

_AFTER_PASS = (*_PACE, *_SIGNATURE, *_IMPORTED, _WITHDRAWN, _BLIND_CODE)
GRADE_COLUMNS = (*_READ, *_GRADE, *_PASS, *_AFTER_PASS)


def wide_columns(sides: tuple[str, ...]) -> tuple[Column, ...]:
    """List the columns of one row per read: a column per cell stands where a grade's four columns were."""
    cells = (Cell(muscle, side) for muscle in MUSCLE_CODES for side in sides)
    return (*_READ, *map(_of_cell, cells), *_PASS, *_AFTER_PASS)


def _of_cell(cell: Cell) -> Column:
    """Describe the column of a muscle, or of one side of it, in the wide CSV."""
    of_side = "" if cell.side in TOGETHER else f", {cell.side} side"
    meaning = f"grade of the {MUSCLE_BY_CODE[cell.muscle].name}{of_side}"
    allowed = f"{_SCORES}; {NOT_ASSESSABLE} not assessable; empty not graded"
    return Column(cell.name, "whole number", "grade", allowed, meaning, _SCORE_LABELS, missing=NOT_ASSESSABLE)
