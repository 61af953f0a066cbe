"""What an address of the agreement pages asks for."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from analysis.stats.agreement.restricted import of_readers
from analysis.stats.question import Question, UnanswerableError
from analysis.stats.result_types.codes import CoefficientCode
from analysis.study_data.options import readers_with_reads
from analysis.web.forms.question import refuse_unknown_names
from analysis.words.agreement.coefficients import BY_CODE
from analysis.words.agreement.summary import HEADLINE_COEFFICIENTS
from analysis.words.question.restrictions import within
from grading.models import Study


class CoefficientError(UnanswerableError):
    """There is no such coefficient."""


@dataclass(frozen=True)
class AgreementRequest:
    """Hold which coefficients to draw, of which readers, and whom else could be asked for."""

    codes: tuple[CoefficientCode, ...]
    question: Question
    readers: tuple[str, ...]

    @property
    def chosen(self) -> str:
        """Name the coefficient that is drawn alone; "" for several side by side."""
        return self.codes[0] if len(self.codes) == 1 else ""

    @property
    def ticked(self) -> tuple[str, ...]:
        """List the readers whose boxes are ticked: everybody, where nobody is singled out."""
        return self.question.readers or self.readers

    @property
    def restriction(self) -> str:
        """Say what it is restricted to; "" where all readers are in."""
        return within(self.question)

    @property
    def of_readers(self) -> str:
        """Write the restriction as an address does, to go behind what it says of a coefficient."""
        return reader_query(self.question).urlencode()

    def query(self, **extra: str) -> QueryDict:
        """Write what the address asks for, and what else it says."""
        query = reader_query(self.question)
        if self.chosen:
            query["coefficient"] = self.chosen
        query.update(extra)
        return query


def read_agreement(request: HttpRequest, study: Study) -> AgreementRequest:
    """Read which coefficients to draw (the one of ``?coefficient=``, else three side by side) of which readers.

    Raises:
        CoefficientError: for what is no coefficient.
        ReadersError: as ``of_readers``.
        QuestionError: for anything else that the address asks for.
    """
    refuse_unknown_names(request.GET, ("coefficient", "reader"))
    known = readers_with_reads(study)
    question = of_readers(request.GET.getlist("reader"), known)
    code = request.GET.get("coefficient", "")
    if code and code not in BY_CODE:
        raise CoefficientError(f"“{code}” is no coefficient of agreement: it is one of {', '.join(BY_CODE)}.")
    return AgreementRequest((BY_CODE[code].code,) if code else HEADLINE_COEFFICIENTS, question, known)


def read_readers(request: HttpRequest, study: Study, *beside: str) -> Question:
    """Read of which readers agreement is asked for, where nothing is drawn.

    Args:
        beside: what else the address may say.

    Raises:
        ReadersError, QuestionError: as ``read_agreement``.
    """
    refuse_unknown_names(request.GET, (*beside, "reader"))
    named = request.GET.getlist("reader")
    return of_readers(named, readers_with_reads(study) if named else ())


def reader_query(question: Question) -> QueryDict:
    """Write the readers to whom a question is restricted as an address does: nothing where all are in."""
    query = QueryDict(mutable=True)
    if question.readers:
        query.setlist("reader", question.readers)
    return query
