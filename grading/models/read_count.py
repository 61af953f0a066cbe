"""How many reads of a reader are in a state: kept by PostgreSQL as they change, so that no page counts them all."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When

from grading.models.read import Read
from grading.models.study import Study

PLACES = 1000  # of a reader's order in a block
WITHOUT_PLACE = 3_000_000  # the first block of those without a place; no place is as high as PLACES times that
BLOCKS = WITHOUT_PLACE + 16  # behind the last block
ID_BITS = 128
# In which block a read lies, as migration 0052 has its triggers say it; block_of_row says the same to Django.
BLOCK = (
    f"CASE WHEN position IS NULL THEN {WITHOUT_PLACE} + get_byte(uuid_send(id), 0) / 16"
    f" ELSE (position - 1) / {PLACES} END"
)


class ReadCount(models.Model):
    """A part of how many reads there are of a reader, in a state, in a block of their order. Its parts are added up.

    Only triggers write it. Each takes a part that nobody else holds, or adds one: so nobody ever waits for another, and
    there are as many parts as people once wrote at the same moment. A transaction of another isolation than the usual
    one always adds one. `migrate` merges the parts of a count. There are no foreign keys, which would wait.
    """

    study = models.ForeignKey(
        Study, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="read_counts"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    block = models.IntegerField()
    status = models.CharField(max_length=10)
    number = models.IntegerField()

    class Meta:
        indexes = [models.Index(name="read_count", fields=["study", "reader", "block", "status"])]

    def __str__(self):
        return f"{self.number} {self.status}"


@dataclass(frozen=True, order=True)
class Block:
    """Reads that lie beside one another in their reader's order: so many places, or those without by their first digit.

    The ids of those without a place are random, and sort them: see InReadingOrder.
    """

    number: int

    @classmethod
    def of(cls, read: Read) -> Self:
        if read.position is None:
            return cls(WITHOUT_PLACE + read.pk.bytes[0] // 16)
        return cls((read.position - 1) // PLACES)

    def until(self, last: "Block") -> Q:
        """Choose the reads of the block, of the last one, and of all between: all with a place, or all without."""
        if last.number < WITHOUT_PLACE:
            return Q(position__gt=self.number * PLACES, position__lte=(last.number + 1) * PLACES)
        first_id, last_id = _id(self.number - WITHOUT_PLACE), _id(last.number - WITHOUT_PLACE + 1, -1)
        return Q(position=None, id__gte=first_id, id__lte=last_id)


def _id(digit: int, beside: int = 0) -> UUID:
    """Make the smallest id that begins with a digit; or one beside it."""
    return UUID(int=(digit << ID_BITS - 4) + beside)


def block_of_row() -> Case:
    """Make the expression that says of a read in which block it lies, as the triggers say it."""
    first_byte = Func(Func("id", function="uuid_send"), Value(0), function="get_byte")
    return Case(
        When(position=None, then=WITHOUT_PLACE + first_byte / 16),
        default=(F("position") - 1) / PLACES,
        output_field=models.IntegerField(),
    )
