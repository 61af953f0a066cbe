"""The figure of the comparison page: still at first, with its table and the addresses that it is kept from."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from analysis.figure.catalogue import Answer
from analysis.figure.tables import Table
from analysis.web.forms.question import path_of
from analysis.web.question_request import Asked

_IN_THE_PAGE = ("boxplots", "forest")  # the comparison's own table has their numbers


@dataclass(frozen=True)
class Drawing:
    """One figure of one answer."""

    asked: Asked
    answer: Answer
    slug: str

    @property
    def name(self) -> str:
        return self.asked.figure.name

    @property
    def title(self) -> str:
        return self.asked.figure.title

    @property
    def about(self) -> str:
        return self.asked.figure.about

    @property
    def still(self) -> SafeString:
        """Drawn here, so that the first response shows it. The renderer escapes what people wrote."""
        return mark_safe(self.asked.figure.svg(self.answer, theme="screen"))  # nosec B308 B703

    @property
    def table(self) -> Table | None:
        return None if self.name in _IN_THE_PAGE else self.asked.figure.table(*self.answer)

    @property
    def data(self) -> str | None:
        """Where plotly's data are; None for a figure that stays still."""
        return self._path("json") if self.asked.figure.plotly else None

    @property
    def svg(self) -> str:
        return self._path("svg", download="1")

    @property
    def csv(self) -> str:
        return self._path("csv", download="1")

    def _path(self, form: str, **beside: str) -> str:
        path = reverse("figure", args=[self.slug, self.name, form])
        return path_of(path, self.asked.question, self.asked.choices, **beside)
