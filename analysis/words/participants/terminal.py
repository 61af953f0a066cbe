"""Table 1 and the flow of participants and reads, for a terminal."""

from analysis.stats.question import Question
from analysis.stats.result_types.described import DescribedParticipants
from analysis.words.participants.flow import steps_in_words
from analysis.words.participants.table import table_in_words
from analysis.words.text_table import aligned


def as_text(described: DescribedParticipants, question: Question) -> str:
    """Write an aligned table with its note, and below it each step of the flow."""
    table = table_in_words(described)
    rows = [[f"  {row.label}" if row.is_level else row.label, *row.cells] for row in table.rows]
    parts = [[table.title], aligned([list(table.head), *rows]), [table.note]]
    for step in steps_in_words(described["flow"], question):
        parts.append([*(f"  left out: {line}" for line in step.left_out), f"{step.title}: {'; '.join(step.counts)}"])
    return "\n\n".join("\n".join(part) for part in parts)
