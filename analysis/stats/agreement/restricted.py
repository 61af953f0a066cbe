"""Agreement of chosen readers only: the question that leaves out the reads of the others."""

from collections.abc import Collection, Iterable

from analysis.stats.question import Question, UnanswerableError

LEAST = 2  # readers


class ReadersError(UnanswerableError):
    """Agreement cannot be restricted to these readers; the message says why."""


def of_readers(named: Iterable[str], known: Collection[str]) -> Question:
    """Make the question of agreement between the readers who are named: of all, where nobody is or everybody is.

    Agreement compares no groups, so the question names none.

    Args:
        known: the readers who have reads in the study, by user name.

    Raises:
        ReadersError: somebody has no reads, or fewer than two readers are left.
    """
    chosen = set(named)
    if strangers := sorted(chosen - set(known)):
        raise ReadersError(f"“{strangers[0]}” has no reads in this study; who has: {', '.join(known) or 'nobody'}.")
    if chosen == set(known):
        chosen = set()
    if chosen and len(chosen) < LEAST:
        raise ReadersError(f"Agreement needs two readers: name another one beside {min(chosen)}, or none for all.")
    return Question(reference="", compared="", readers=tuple(chosen))
