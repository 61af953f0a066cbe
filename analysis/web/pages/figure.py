"""A figure of a page: still at first, with its table and the addresses that it is kept from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from analysis.figure.catalogue import AGREEMENT_FIGURES, PARTICIPANTS_FIGURES, Figure, plan_figures
from analysis.figure.figure_data import AgreementData, AnyData, FigureData, ParticipantsData, PlanData
from analysis.figure.print_form import MILLIMETRES
from analysis.figure.tables import Table
from analysis.web.agreement_request import AgreementRequest
from analysis.web.forms.question import path_of
from analysis.web.question_request import QuestionRequest

_WIDTHS = dict(zip(MILLIMETRES, ("two columns", "one column"), strict=True))


@dataclass(frozen=True)
class Drawing:
    """One figure of one answer, as a template shows it."""

    figure: Figure
    data: AnyData
    path: Callable[..., str]  # of the figure as a file: of a form, and of what its address says beside the question

    @property
    def name(self) -> str:
        return self.figure.name

    @property
    def title(self) -> str:
        return self.figure.title

    @property
    def label(self) -> str:
        """Say what is drawn, for those who do not see it."""
        return f"{self.figure.called(self.data)}. {self.figure.about}"

    @property
    def explanation(self) -> str:
        return self.figure.explained(self.data)

    @property
    def still(self) -> SafeString:
        """Draw the figure, so that the first response shows it."""
        return still(self.figure, self.data)

    @property
    def table(self) -> Table | None:
        """Tabulate the figure's numbers, unless the page shows them anyway."""
        return None if self.figure.has_table_on_page else self.figure.table(*self.data)

    @property
    def json(self) -> str | None:
        """Give the address of plotly's data; None for a figure that stays still."""
        return self.path("json") if self.figure.plotly else None

    @property
    def svg(self) -> str:
        return self.path("svg", download="1")

    @property
    def pdf(self) -> str:
        return self.path("pdf", download="1")

    @property
    def query(self) -> list[tuple[str, str]]:
        """List what the form that asks for a printed figure carries along: the question, and that it is to be kept."""
        return parse_qsl(urlsplit(self.svg).query)

    @property
    def widths(self) -> dict[int, str]:
        """List in millimetres how wide it can be had, with what that is in a journal."""
        return {width: words for width, words in _WIDTHS.items() if width == MILLIMETRES[0] or self.figure.column}

    @property
    def has_points_to_leave_out(self) -> bool:
        return self.figure.without_points is not None  # which a template would call

    @property
    def csv(self) -> str:
        return self.path("csv", download="1")


def still(figure: Figure, data: AnyData) -> SafeString:
    """Draw a figure for a page. The renderer escapes what people wrote."""
    return mark_safe(figure.svg(data, theme="screen"))  # nosec B308 B703


def comparison_drawing(asked: QuestionRequest, data: FigureData, slug: str) -> Drawing:
    """Draw the figure that the address asks for."""
    return _of_question(asked, asked.figure, data, slug)


def flow_drawing(asked: QuestionRequest, data: ParticipantsData, slug: str) -> Drawing:
    """Draw how the participants of a comparison came into it."""
    return _of_question(asked, PARTICIPANTS_FIGURES["flow"], data, slug)


def _of_question(asked: QuestionRequest, figure: Figure, data: FigureData | ParticipantsData, slug: str) -> Drawing:
    def path(form: str, **extra: str) -> str:
        address = reverse("figure", args=[slug, figure.name, form])
        return path_of(address, asked.question, asked.choices, **asked.score_in_address, **extra)

    return Drawing(figure, data, path)


def agreement_drawings(data: AgreementData, slug: str, asked: AgreementRequest) -> list[Drawing]:
    """Draw every figure of agreement, of the coefficient and the readers that the address asks for, if it does."""
    return _drawings(AGREEMENT_FIGURES, data, "agreement-figure", slug, asked.query)


def plan_drawings(data: PlanData, slug: str, query: Mapping[str, str]) -> list[Drawing]:
    """Draw every figure of a plan; ``query``: what its address says."""
    return _drawings(plan_figures(data.plan), data, "plan-figure", slug, lambda **extra: {**query, **extra})


def _drawings(
    figures: Mapping[str, Figure], data: AnyData, address: str, slug: str, query: Callable[..., Mapping[str, Any]]
) -> list[Drawing]:
    """Draw figures whose addresses differ in the figure's name; ``query``: what they say, with what a form adds."""

    def drawing(figure: Figure) -> Drawing:
        def path(form: str, **extra: str) -> str:
            return reverse(address, args=[slug, figure.name, form], query=query(**extra))

        return Drawing(figure, data, path)

    return [drawing(figure) for figure in figures.values()]
