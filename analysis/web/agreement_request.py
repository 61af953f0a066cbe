"""What an address of the agreement pages asks for."""

from django.http import HttpRequest

from analysis.stats.question import UnanswerableError
from analysis.stats.result_types import CoefficientCode
from analysis.web.forms.question import refuse_unknown_names
from analysis.words.agreement.coefficients import BY_CODE
from analysis.words.agreement.summary import HEADLINE_COEFFICIENTS


class CoefficientError(UnanswerableError):
    """There is no such coefficient."""


def read_coefficients(request: HttpRequest) -> tuple[CoefficientCode, ...]:
    """Read which coefficients to draw: the one of ``?coefficient=``, else three side by side.

    Raises:
        CoefficientError: for what is no coefficient.
        QuestionError: for anything else that the address asks for.
    """
    refuse_unknown_names(request.GET, ("coefficient",))
    code = request.GET.get("coefficient", "")
    if not code:
        return HEADLINE_COEFFICIENTS
    if code not in BY_CODE:
        raise CoefficientError(f"“{code}” is no coefficient of agreement: it is one of {', '.join(BY_CODE)}.")
    return (BY_CODE[code].code,)
