"""Seals: what a study's trail was at a moment, in 64 digits that can be kept elsewhere. Only PostgreSQL writes them."""

import re
from typing import Self

from django.db import models

from grading.models.study import Study

SHORT = 16  # digits of a hash in the name of a file
IN_A_NAME = re.compile(r"(?:^|[^a-z0-9])seal-(\d+-[0-9a-f]+)")


class SealQuerySet(models.QuerySet):
    """The vocabulary for choosing seals. Every method chains."""

    def newest_first(self) -> Self:
        return self.order_by("-number")

    def written_as(self, text: str) -> Self:
        """Choose the seals that a text may stand for: a hash; or a number, a dash and at least 16 digits of a hash.

        Also as it stands in the name of an export: "seal-1-7472528e1bba5f78", with whatever is around it.
        """
        text = text.strip().lower()
        if named := IN_A_NAME.search(text):
            text = named[1]
        number, dash, digits = text.rpartition("-")
        if not dash:
            return self.filter(hash=digits)
        if not (number.isascii() and number.isdigit() and len(number) < 10 and len(digits) >= SHORT):
            return self.none()
        return self.filter(number=int(number), hash__startswith=digits)


class Seal(models.Model):
    """A link of the chain of a study's seals. It covers the records that were committed when it was made.

    migrations/_0015_seals.py says which records those are. There is no foreign key: a seal outlives its study.
    """

    study = models.ForeignKey(Study, on_delete=models.DO_NOTHING, db_constraint=False, related_name="seals")
    number = models.PositiveIntegerField(help_text="Counts the seals of a study from 1.")
    at = models.DateTimeField()
    records = models.PositiveBigIntegerField(help_text="How many records it is the first to cover.")
    last_record = models.BigIntegerField(help_text="Number of the last record that it covers.")
    settled_record = models.BigIntegerField(help_text="All records up to this number are covered.")
    snapshot = models.TextField(help_text="Which transactions were over, as PostgreSQL writes it.")
    transaction = models.BigIntegerField(help_text="The transaction that made it.")
    horizon = models.BigIntegerField(
        null=True,
        help_text="Above the number of every transaction that was open then; unknown where its own had begun before.",
    )
    previous = models.CharField(max_length=64, help_text="Hash of the seal before it; empty in the first.")
    hash = models.CharField(
        max_length=64, help_text="SHA-256 of the seal, the one before it and the records that it is the first to cover."
    )

    objects = SealQuerySet.as_manager()

    class Meta:
        ordering = ("study", "number")
        constraints = [models.UniqueConstraint(name="seal_number_per_study", fields=["study", "number"])]
        indexes = [models.Index(name="seal_of_record", fields=["study", "last_record", "number"])]

    def __str__(self):
        return f"{self.number}-{self.hash}"

    @property
    def short(self) -> str:
        """Write the seal as the names of files have it."""
        return f"{self.number}-{self.hash[:SHORT]}"


class NewestSeal(models.Model):
    """Which seal of a study is the newest, so that it is missed where it is gone before any record came after it."""

    study = models.OneToOneField(
        Study, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="+"
    )
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.number}-{self.hash}"
