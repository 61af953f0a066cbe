"""The order in which a reader meets their cases: by position, as it was drawn and stored."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from grading.models.read import Read


class InReadingOrder(models.QuerySet):
    """Reads of one reader in one study, in their order. Those without a position come last, by their random ids."""

    def in_reading_order(self) -> Self:
        """Sort into the order in which a reader meets the cases."""
        return self.order_by(F("position").asc(nulls_last=True), "id")

    def nearest_before(self, read: "Read") -> Any:
        """Fetch the read that their reader meets just before another; None where there is none."""
        return self.filter(is_before(read)).in_reading_order().last()

    def nearest_after(self, read: "Read") -> Any:
        """Fetch the read that their reader meets just after another; None where there is none."""
        without = self.filter(position=None).order_by("id")
        if read.position is None:
            return without.filter(id__gt=read.pk).first()
        return self.filter(position__gt=read.position).order_by("position").first() or without.first()


def is_before(read: "Read") -> Q:
    """Say of reads of one reader that they come before the read, as a condition."""
    if read.position is None:
        return Q(position__isnull=False) | Q(position=None, id__lt=read.pk)
    return Q(position__lt=read.position)
