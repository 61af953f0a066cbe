"""What every view of a comparison does first: read the question in its address, or say why there is no answer."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from analysis.figure.catalogue import FIGURES, Figure
from analysis.services.looks import ComparisonHidden, check_shown
from analysis.services.result_cache import BeingComputed
from analysis.stats.question import GroupsNeededError, Question, TooFewGroupsError, UnanswerableError
from analysis.study_data.frame import Progress
from analysis.study_data.options import QuestionOptions, question_options
from analysis.web.forms.question import QuestionError, QuestionForm, address, path_of
from grading.models import Study

FIRST_FIGURE = next(iter(FIGURES))
SLOW = 2_000  # signed-off reads: with more, agreement takes longer than a second, and the comparison from 20,000
COMPUTING = "The answer is being computed: ask again in a moment."
AGAIN = {"Retry-After": "5"}  # seconds, for programs that keep to it

# What may be raised on the way to an answer: the page's state, its status, and the status of data. The first that fits.
_REFUSALS = (
    (ComparisonHidden, "hidden", 200, 403),
    (BeingComputed, "computing", 202, 202),
    (TooFewGroupsError, "too few groups", 200, 422),
    (GroupsNeededError, "groups needed", 200, 422),
    (UnanswerableError, "error", 422, 422),
)
REFUSED = (ComparisonHidden, BeingComputed, UnanswerableError)


@dataclass(frozen=True)
class QuestionRequest:
    """The question of an address, and what else could be asked."""

    question: Question
    choices: QuestionOptions
    figure: Figure
    path: str  # of the page, without what is asked
    is_canonical: bool  # said by the one address of this state of the page
    has_ordinal: bool = False  # with the ordinal model, which nobody waits for unasked
    has_score: bool = False  # with the pattern's score, also where nobody waits for it unasked

    @property
    def figure_in_address(self) -> dict[str, str]:
        """Say which figure is shown, as an address does: nothing of the first."""
        return {"figure": self.figure.name} if self.figure.name != FIRST_FIGURE else {}

    @property
    def beside_in_address(self) -> dict[str, str]:
        """Say what an address says beside the question: the figure, and what nobody waits for unasked."""
        return self.figure_in_address | ({"ordinal": "1"} if self.has_ordinal else {}) | self.score_in_address

    @property
    def score_in_address(self) -> dict[str, str]:
        """Say whether the pattern's score is asked for, as an address does."""
        return {"pattern-score": "1"} if self.has_score else {}

    @property
    def canonical_path(self) -> str:
        """Give the one address of this state of the page."""
        return path_of(self.path, self.question, self.choices, **self.beside_in_address)


def read_question(request: HttpRequest, study: Study) -> QuestionRequest:
    """Read the address of a page or of data.

    Raises:
        REFUSED: for ``refused_page`` or ``refused_data``.
    """
    check_shown(study)
    choices = question_options(study)
    form = QuestionForm(request.GET, choices)
    question = form.question()
    has_ordinal, has_score = _is_asked(request, "ordinal"), _is_asked(request, "pattern-score")
    is_canonical = form.is_canonical(address(question, choices)) and request.GET.get("figure") != FIRST_FIGURE
    return QuestionRequest(question, choices, _figure(request), request.path, is_canonical, has_ordinal, has_score)


def _is_asked(request: HttpRequest, name: str) -> bool:
    asked = request.GET.get(name)
    if asked not in (None, "1"):
        raise QuestionError(f"“{asked}” cannot be asked for as {name}: it is 1, or left out.")
    return asked == "1"


def _figure(request: HttpRequest) -> Figure:
    name = request.GET.get("figure", FIRST_FIGURE)
    if name not in FIGURES:
        raise QuestionError(f"There is no figure “{name}”: it is one of {', '.join(FIGURES)}.")
    return FIGURES[name]


def may_compute(request: HttpRequest, progress: Progress) -> bool:
    """Decide whether to compute before answering. What takes long comes after the page, whose script asks for it.

    Somebody without scripts follows the page's link, which says that they wait.
    """
    return not is_page_load(request) or "wait" in request.GET or progress.reads_signed_off <= SLOW


def is_page_load(request: HttpRequest) -> bool:
    """Say whether a browser asks in order to show a page, not a page's script or a program."""
    return request.headers.get("Sec-Fetch-Dest") == "document"


def refused_page(request: HttpRequest, template: str, context: dict[str, Any], error: Exception) -> HttpResponse:
    """Show the page without an answer and say why; templates include ``analysis/partials/unanswered.html``."""
    state, status, _ = _refusal(error)
    if state == "groups needed":
        context |= {"choices": question_options(context["study"])}
    return render(request, template, context | {"state": state, "error": error}, status=status)


def refused_data(error: Exception) -> JsonResponse:
    """Answer a program, in JSON, with the reason why there is no answer."""
    state, _, status = _refusal(error)
    if state == "computing":
        return JsonResponse({"error": COMPUTING}, status=status, headers=AGAIN)
    return JsonResponse({"error": str(error)}, status=status)


def _refusal(error: Exception) -> tuple[str, int, int]:
    return next((state, page, data) for kind, state, page, data in _REFUSALS if isinstance(error, kind))
