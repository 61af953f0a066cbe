"""A case of which nothing can be graded: one act, with the reason."""

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.comments import normalised_comment
from grading.limits import MAX_COMMENT_LENGTH
from grading.models import Read
from grading.services.cell_store import cell_states
from grading.services.entering import describe_read, enter_grade
from grading.services.reasons import checked_reason
from grading.services.row_lock import for_update_if_open

SAID_IN_COMMENT = "Not assessable: "


@transaction.atomic
def grade_not_assessable(read: Read, *, reason: str) -> Read:
    """Grade every muscle of a read not assessable, and put the reason in front of its comment, all or nothing.

    Each muscle is an entry, as if it had been pressed. For the same reason again, nothing is changed. In the comment
    the reason is under the signature and in exports.

    Raises:
        ReadIsSignedOff: the read is frozen.
        ValidationError: there is no reason, it or the comment with it is too long, or entry has ended.
    """
    read = for_update_if_open(read)
    reason = checked_reason(reason, "the reason why nothing can be assessed")
    said = f"{SAID_IN_COMMENT}{normalised_comment(reason)}"
    has_it = f"{read.comment}\n".startswith(f"{said}\n")  # sent twice, for an answer was lost or the page sent again
    comment = read.comment if has_it else "\n".join(filter(None, [said, read.comment]))
    if len(comment) > MAX_COMMENT_LENGTH:
        raise ValidationError(
            f"The reason stands in front of the comment, which would have {len(comment)} characters then, and "
            f"{MAX_COMMENT_LENGTH} at most are kept: shorten either."
        )
    for cell in cell_states(read):
        enter_grade(read_id=read.pk, reader_id=read.reader_id, **cell._asdict(), score=None, not_assessable=True)
    return describe_read(read=read, comment=comment)
