"""The shapes of what the interface takes and gives, as its description has them."""

from enum import Enum
from typing import Any

from ninja import Field, Schema

from grading.csv.exports import LAYOUTS

Layout = Enum("Layout", {name: name for name in LAYOUTS})  # type: ignore[misc]
FIRST_LAYOUT = next(iter(Layout))
Row = dict[str, str | float | bool | None]

AS_CSV: dict[str, Any] = {
    "responses": {200: {"description": "A CSV.", "content": {"text/csv": {"schema": {"type": "string"}}}}}
}


def _asked(name: str, said: str, *, many: bool = False) -> dict[str, Any]:
    text = {"type": "string"}
    schema = {"type": "array", "items": text} if many else text
    return {"name": name, "in": "query", "required": False, "description": said, "schema": schema}


# As the comparison page's address says it: analysis.web.forms.question.QuestionForm.
QUESTION: dict[str, Any] = {
    "parameters": [
        _asked("groups", "The reference and the group compared with it: REF,COMPARED."),
        _asked("set", "The analysis set: all (where left out) or edema."),
        _asked("model", "per-muscle (where left out) or joint."),
        _asked("p", "The p value that decides."),
        _asked("grades", "reads (where left out), or adjudicated: with what was decided where they differed."),
        _asked("sequence", "Reads of this sequence only."),
        _asked("side", "Grades of this side only."),
        _asked("reader", "Reads of these readers only, by user name.", many=True),
        _asked("sex", "Participants of this sex only."),
        _asked("autoantibody", "Participants with this autoantibody only."),
        _asked("adjust", "Covariates to adjust for.", many=True),
    ]
}


# As the agreement page's address says it.
READERS: dict[str, Any] = {
    "parameters": [_asked("reader", "Between these readers only, two or more, by user name.", many=True)]
}


class Refused(Schema):
    """Why there is no answer."""

    error: str


class ReaderProgress(Schema):
    """A reader's reads, by status."""

    username: str
    assigned: int
    draft: int
    signed_off: int
    is_suspended: bool


class Progress(Schema):
    """How far the reading has come; ``readers`` for coordinators alone."""

    study: str
    reads: int
    reads_signed_off: int
    participants: int
    participants_signed_off: int
    readers: list[ReaderProgress] | None


class Shown(Schema):
    """What was shown, which alone is imported."""

    fingerprint: str = Field(pattern="^[0-9a-f]{0,64}$")


class Import(Schema):
    """A file that was brought, and what it would change.

    ``state`` is looking or importing while a job is at it, then ready, refused, asked, lacking, misnamed or imported;
    ``changes`` are line, kind, what, old and new of each change; ``page`` is where a person can look at it.
    """

    id: str
    state: str
    sentences: list[str]
    warnings: list[str]
    problems: list[str]
    fingerprint: str
    changes: list[list[Any]]
    page: str
