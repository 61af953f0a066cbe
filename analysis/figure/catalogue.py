"""Every figure by the name that its address has: how it is called, drawn and explained, and its table.

A figure that is added to `FIGURES` has its tab on the comparison page, its table, its files and its place in the
bundle; one that is added to `AGREEMENT_FIGURES` has all of these on the agreement page, where nothing needs a tab.
`PARTICIPANTS_FIGURES` say how the participants came into a comparison; its page has them below *Who is in*.
`PLAN_FIGURES` stand on the page of a plan; that of agreement only where there are two readers or more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from analysis.figure.agreement_forest import agreement_forest
from analysis.figure.agreement_tables import agreement_table, bland_altman_table
from analysis.figure.bland_altman import bland_altman
from analysis.figure.bound import bound, bound_key
from analysis.figure.boxplots import boxplots
from analysis.figure.figure_data import AnyData
from analysis.figure.flow import TITLE as FLOW_TITLE
from analysis.figure.flow import flow_diagram, flow_table
from analysis.figure.forest import forest
from analysis.figure.grades import grades
from analysis.figure.group import Group
from analysis.figure.heatmap import heatmap
from analysis.figure.interval_width import interval_width, width_key
from analysis.figure.limits import MOST_POINTS
from analysis.figure.pattern_score import pattern_score_figure, pattern_score_table
from analysis.figure.plotly_json import plotly_json
from analysis.figure.power import key as power_key
from analysis.figure.power import plan_table, power
from analysis.figure.print_form import MILLIMETRES, PrintForm
from analysis.figure.svg.render import WIDTH, render
from analysis.figure.tables import Table, comparison_table, grades_table, heatmap_table, thighs_table
from analysis.figure.thighs import key as thighs_key
from analysis.figure.thighs import thighs
from analysis.stats.question import UnanswerableError
from analysis.stats.result_types.agreement import AgreementResult
from analysis.stats.result_types.answers import Disagreement, ParticipantMeans
from analysis.stats.result_types.codes import CoefficientCode
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.described import DescribedParticipants
from analysis.stats.result_types.plan import PlanResult
from analysis.words.agreement.coefficients import BY_CODE
from analysis.words.agreement.targets import has_target
from analysis.words.comparison.pattern_score import key as pattern_score_key
from analysis.words.comparison.summary import caption, differences, marks
from analysis.words.notation import number
from analysis.words.participants.flow import StepInWords

COLUMN = 583  # pixels: in one column letters are then as large as in two


def _groups(result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]) -> str:
    reference, compared = groups
    return f"{compared.code} and {reference.code}"


def _groups_described(described: DescribedParticipants, steps: Sequence[StepInWords]) -> str:
    return f"{described['groups']['compared']} and {described['groups']['reference']}"


def _assumed(plan: PlanResult) -> str:
    return f"a difference of {number(plan['setting']['difference'])} grade points"


def _coefficients(agreement: AgreementResult, disagreement: Disagreement, codes: Sequence[CoefficientCode]) -> str:
    return "; ".join(BY_CODE[code].name for code in codes)


def _readers(agreement: AgreementResult, disagreement: Disagreement, codes: Sequence[CoefficientCode]) -> str:
    return ", ".join(agreement["readers"])


@dataclass(frozen=True)
class Figure:
    """One figure of whatever figures are of (`figure_data`), whose fields are the arguments of what draws it.

    ``plotly`` gives a plotly dict; a figure that plotly cannot draw has ``drawing`` instead, which gives SVG.
    """

    name: str
    title: str
    about: str  # one line for those who do not see it
    table: Callable[..., Table]
    plotly: Callable[..., dict[str, Any]] | None = None
    drawing: Callable[..., str] | None = None
    tab: str = ""
    subject: Callable[..., str] = _groups  # behind the title: what it is of
    key: Callable[..., Sequence[str]] | None = None  # what its marks stand for where it stands alone, by lines
    explanation: Callable[..., str] | None = None  # how to read it, where it stands in the page; else ``about``
    has_table_on_page: bool = False  # the page shows these numbers anyway
    is_wide: bool = False  # needs more room than others before its words meet
    column: float = 0  # pixels of its layout in one column of a journal; 0 where its words would meet there
    without_points: Callable[..., dict[str, Any]] | None = None  # as ``plotly``, without single participants

    def caption(self, data: AnyData, *origin: str) -> list[str]:
        """Give the lines below the figure where it stands alone, without the page's words."""
        return [*(self.key(*data) if self.key else ()), *origin]

    def explained(self, data: AnyData) -> str:
        """Say how to read the figure, below it in the page."""
        return self.explanation(*data) if self.explanation else self.about

    def called(self, data: AnyData) -> str:
        """Give the title with what the figure is of."""
        return f"{self.title}, {self.subject(*data)}"

    def svg(
        self,
        data: AnyData,
        *,
        theme: str = "print",
        width: float = WIDTH,
        caption: Sequence[str] = (),
    ) -> str:
        """Draw the figure without a browser; theme and caption as in ``svg.render``."""
        if self.drawing is not None:
            return self.drawing(*data, theme=theme, caption=caption)
        return render(
            self._plotly(data),
            title=self.called(data),
            description=self.about,
            caption=caption,
            theme=theme,
            width=width,
        )

    def printed(self, data: AnyData, form: PrintForm, *origin: str) -> str:
        """Draw the figure for print.

        Raises:
            UnanswerableError: it cannot be had in that form.
        """
        if form.millimetres != MILLIMETRES[0] and not self.column:
            raise UnanswerableError(f"“{self.title}” is as wide as {MILLIMETRES[0]} mm: its words would meet in less.")
        if not form.has_points and self.without_points is None:
            raise UnanswerableError(f"“{self.title}” has no points that could be left out.")
        caption = self.caption(data, *origin) if form.has_note else []
        if self.drawing is not None:
            return self.drawing(*data, caption=caption)
        return render(
            self._plotly(data) if form.has_points or self.without_points is None else self.without_points(*data),
            title=self.called(data),
            description=self.about,
            caption=caption,
            width=WIDTH if form.millimetres == MILLIMETRES[0] else self.column,
            millimetres=form.millimetres,
        )

    def json(self, data: AnyData, theme: str = "print") -> dict[str, Any] | None:
        """Give what plotly draws, in the colours of a theme; None for a figure that is SVG only."""
        return None if self.plotly is None else plotly_json(self._plotly(data), theme)

    def _plotly(self, data: AnyData) -> dict[str, Any]:
        if self.plotly is None:
            raise TypeError(f"{self.name} is drawn as SVG only")
        return self.plotly(*data)


def by_name(*figures: Figure) -> dict[str, Figure]:
    """Make a catalogue of figures, in their order.

    Raises:
        ValueError: two have one name, so that one would take the other's place, or one tab.
    """
    for said in ([figure.name for figure in figures], [figure.tab for figure in figures if figure.tab]):
        if twice := {each for each in said if said.count(each) > 1}:
            raise ValueError(f"Two figures are called {', '.join(sorted(twice))}.")
    return {figure.name: figure for figure in figures}


FIGURES = by_name(
    Figure(
        "boxplots",
        "Boxplots of participants’ mean scores",
        "Two boxes per muscle with every participant as a point, and how the model judges the difference.",
        comparison_table,
        boxplots,
        tab="Boxplots",
        key=lambda result, *_: [marks(result)],
        explanation=lambda result, *_: caption(result, most_points=MOST_POINTS),
        has_table_on_page=True,
        column=COLUMN,
        without_points=partial(boxplots, has_points=False),
    ),
    Figure(
        "forest",
        "Difference of the groups per muscle",
        "Estimated difference with its 95 % interval for each muscle, by compartment.",
        comparison_table,
        forest,
        tab="Differences",
        key=lambda result, *_: [differences(result)],
        explanation=lambda result, *_: f"{differences(result)}.",
        has_table_on_page=True,
        column=720,  # below, its numbers leave no room for its intervals
    ),
    Figure(
        "heatmap",
        "Heat map of participants’ mean scores",
        "One row per participant by group and pattern, one column per muscle by compartment.",
        heatmap_table,
        heatmap,
        tab="Participants",
        column=COLUMN,
    ),
    Figure(
        "thighs",
        "Thigh cross-sections",
        "Median score of each muscle in either group, and the model’s estimate of the difference.",
        thighs_table,
        drawing=thighs,
        tab="Thighs",
        key=lambda result, *_: [thighs_key(result)],
        explanation=lambda result, *_: f"{thighs_key(result)}.",
    ),
    Figure(
        "grades",
        "Distribution of grades",
        "Share of the grades 0 to 3 for each muscle and group, over all reads.",
        grades_table,
        grades,
        tab="Grades",
        column=COLUMN,
    ),
    Figure(
        "pattern-score",
        "Score of the pattern",
        "Every participant’s score by muscles that the others chose, by group, and the ROC curve of these scores.",
        pattern_score_table,
        pattern_score_figure,
        tab="Pattern score",
        key=lambda result, *_: pattern_score_key(result),
        explanation=lambda result, *_: " ".join(pattern_score_key(result)),
        column=720,  # below, the words beside its curve would meet it
    ),
)

PARTICIPANTS_FIGURES = by_name(
    Figure(
        "flow",
        FLOW_TITLE,
        "From registration to the comparison: how many came to each step, and why the others did not.",
        flow_table,
        drawing=flow_diagram,
        subject=_groups_described,
    ),
)

_MARKS = (
    "Points: the coefficient of each muscle; lines: its 95 % interval, an arrow where it reaches beyond the axis; "
    "diamond: all muscles together;",
    "dotted and †: an interval that takes a participant’s muscles as independent and is too narrow",
)
_TARGET = "dashed: the study’s target"


def _marks_of(
    agreement: AgreementResult, disagreement: Disagreement, codes: Sequence[CoefficientCode]
) -> tuple[str, ...]:
    return (*_MARKS[:-1], f"{_MARKS[-1]}; {_TARGET}") if any(has_target(agreement, code) for code in codes) else _MARKS


_DOTS = (
    "Each dot a participant, larger where two or more, or five or more, coincide; solid line: mean difference; "
    "dashed: limits of agreement, mean ± 1.96 SD",
)

AGREEMENT_FIGURES = by_name(
    Figure(
        "agreement-forest",
        "Agreement between readers per muscle",
        "Coefficients of agreement with their 95 % intervals for each muscle, by compartment, and for all muscles.",
        agreement_table,
        agreement_forest,
        subject=_coefficients,
        key=_marks_of,
        explanation=lambda *data: (
            f"{' '.join(_marks_of(*data))}; – not defined. 1 is full agreement, 0 what chance brings."
        ),
        has_table_on_page=True,
        is_wide=True,
    ),
    Figure(
        "bland-altman",
        "Differences of two readers’ sum scores against their means",
        "A panel for each pair of readers: their differences, the mean difference and the limits of agreement.",
        bland_altman_table,
        bland_altman,
        subject=_readers,
        key=lambda *_: _DOTS,
        explanation=lambda *_: f"{' '.join(_DOTS)}.",
        is_wide=True,
    ),
)


def _of_plan(
    name: str,
    title: str,
    about: str,
    plotly: Callable[[PlanResult], dict[str, Any]],
    key: Callable[[PlanResult], Sequence[str]],
    subject: Callable[[PlanResult], str],
) -> Figure:
    """Make a figure of a plan: its key explains it in the page, too, whose table has the numbers of all."""
    return Figure(
        name,
        title,
        about,
        plan_table,
        plotly,
        subject=subject,
        key=key,
        explanation=lambda plan: f"{' '.join(key(plan))}.",
        has_table_on_page=True,
        column=COLUMN,
    )


PLAN_FIGURES = by_name(
    _of_plan(
        "power",
        "Power against participants per group",
        "Share of simulated data sets that show the difference, with its Monte-Carlo interval, by size of groups.",
        power,
        power_key,
        _assumed,
    ),
    _of_plan(
        "width",
        "Width of the interval against participants per group",
        "Mean width of the 95 % interval of the difference in simulated data sets, by size of groups.",
        interval_width,
        width_key,
        _assumed,
    ),
    _of_plan(
        "bound",
        "Agreement above a bound against participants per group",
        "Share of simulated data sets whose interval of agreement lies above the bound, by size of groups.",
        bound,
        bound_key,
        lambda plan: f"a bound of {number(plan['setting']['bound'])}",
    ),
)


def plan_figures(plan: PlanResult) -> dict[str, Figure]:
    """List the figures of a plan: nobody agrees with a single reader."""
    return {name: figure for name, figure in PLAN_FIGURES.items() if name != "bound" or plan["setting"]["readers"] > 1}
