"""What a page says of the participants of a comparison: Table 1, and the flow with its diagram."""

from dataclasses import dataclass

from analysis.figure.figure_data import participants_data
from analysis.stats.result_types.described import DescribedParticipants
from analysis.web.pages.figure import Drawing, flow_drawing
from analysis.web.question_request import QuestionRequest
from analysis.words.participants.table import TableInWords, table_in_words


@dataclass(frozen=True)
class ParticipantsPage:
    """The participants of one comparison, for templates."""

    table: TableInWords
    flow: Drawing


def participants_page(asked: QuestionRequest, described: DescribedParticipants, slug: str) -> ParticipantsPage:
    """Say who the participants are and how they came into the comparison."""
    data = participants_data(described, asked.question)
    return ParticipantsPage(table_in_words(described), flow_drawing(asked, data, slug))
