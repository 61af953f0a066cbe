"""Every figure by the name that its address has: what it is called, how it is drawn, and its table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.figure.boxplots import boxplots
from analysis.figure.forest import forest
from analysis.figure.grades import grades
from analysis.figure.group import Group
from analysis.figure.heatmap import heatmap
from analysis.figure.svg.render import WIDTH, render
from analysis.figure.tables import Table, comparison_table, grades_table, heatmap_table, thighs_table
from analysis.figure.thighs import thighs
from analysis.words.comparison.summary import marks

Answer = tuple[Mapping[str, Any], Mapping[str, Any], tuple[Group, Group]]  # result, profiles, groups


@dataclass(frozen=True)
class Figure:
    """One figure. ``plotly`` is None for the thighs, which are drawn as SVG only."""

    name: str
    title: str
    about: str  # one line for those who do not see it
    plotly: Callable[..., dict[str, Any]] | None
    table: Callable[..., Table]
    key: Callable[[Mapping[str, Any]], str] | None = None  # what its marks stand for, of a result

    def caption(self, result: Mapping[str, Any], *origin: str) -> list[str]:
        """The lines below the figure where it stands alone, without the page's words."""
        return [*([self.key(result)] if self.key else []), *origin]

    def svg(self, answer: Answer, *, theme: str = "print", width: float = WIDTH, caption: Sequence[str] = ()) -> str:
        """The figure without a browser; theme and caption as in ``svg.render``."""
        if self.plotly is None:
            return thighs(*answer, theme=theme, caption=caption)
        reference, compared = answer[2]
        title = f"{self.title}, {compared.code} and {reference.code}"
        words = {"title": title, "description": self.about, "caption": caption}
        return render(self.plotly(*answer), **words, theme=theme, width=width)


FIGURES = {
    figure.name: figure
    for figure in (
        Figure(
            "boxplots",
            "Boxplots of participants’ mean scores",
            "Two boxes per muscle with every participant as a point, and how the model judges the difference.",
            boxplots,
            comparison_table,
            key=marks,
        ),
        Figure(
            "forest",
            "Difference of the groups per muscle",
            "Estimated difference with its 95 % interval for each muscle, by compartment.",
            forest,
            comparison_table,
        ),
        Figure(
            "heatmap",
            "Heat map of participants’ mean scores",
            "One row per participant by group and pattern, one column per muscle by compartment.",
            heatmap,
            heatmap_table,
        ),
        Figure(
            "thighs",
            "Thigh cross-sections",
            "Median score of each muscle in either group, and the difference of the medians.",
            None,
            thighs_table,
        ),
        Figure(
            "grades",
            "Distribution of grades",
            "Share of the grades 0 to 3 for each muscle and group, over all reads.",
            grades,
            grades_table,
        ),
    )
}
