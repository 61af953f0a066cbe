"""Queries: what a coordinator asks a reader about a grade, what the reader answers, and how it ended."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from grading.anatomy import MUSCLE_CODES, SIDES, Cell
from grading.limits import MAX_REASON_LENGTH
from grading.models.read import Read
from grading.models.study import Study


class QueryQuerySet(models.QuerySet):
    """The vocabulary for choosing queries. Every method chains."""

    def with_state(self) -> Self:
        """Add ``state``: the kind of the last note."""
        notes = QueryNote.objects.filter(query=OuterRef("pk")).order_by("-number")
        return self.annotate(state=Subquery(notes.values("kind")[:1]))

    def sent(self) -> Self:
        """Leave out proposals that were dismissed: no reader was asked."""
        return self.with_state().exclude(state=QueryNote.Kind.DISMISSED)

    def open(self) -> Self:
        """Choose those that nobody has closed or dismissed."""
        return self.with_state().filter(state__in=(QueryNote.Kind.ASKED, QueryNote.Kind.ANSWERED))

    def waiting_for_reader(self) -> Self:
        """Choose those that their reader has not answered since they were last asked."""
        return self.with_state().filter(state=QueryNote.Kind.ASKED)


class Query(models.Model):
    """A question about one grade of a signed-off read, or about the whole case. What was said are its notes."""

    class Rule(models.TextChoices):
        FELL = "fell", "3 at an earlier MRI, 0 at this one"
        ONE_GRADE = "one_grade", "one grade for the whole case"
        EDEMA_ON_T1W = "edema_on_t1w", "edema on T1W"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="queries")
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="queries")
    muscle = models.CharField(max_length=4, blank=True, help_text="Empty: the whole case.")
    side = models.CharField(max_length=5, blank=True)
    rule = models.CharField(max_length=12, choices=Rule, blank=True, help_text="By which the site proposed it.")
    signed_off_at = models.DateTimeField(help_text="Of the sign-off that it is about.")

    objects = QueryQuerySet.as_manager()

    state: str  # with_state adds it

    class Meta:
        verbose_name_plural = "queries"
        ordering = ("study", "id")
        constraints = [
            models.CheckConstraint(name="query_muscle", condition=Q(muscle__in=["", *MUSCLE_CODES])),
            models.CheckConstraint(
                name="query_side", condition=Q(muscle="", side="") | ~Q(muscle="") & Q(side__in=list(SIDES))
            ),
            models.CheckConstraint(name="query_rule", condition=Q(rule__in=["", "fell", "one_grade", "edema_on_t1w"])),
            models.UniqueConstraint(
                name="query_of_a_rule_once",
                fields=["read", "signed_off_at", "rule", "muscle", "side"],
                condition=~Q(rule=""),
            ),
        ]

    def __str__(self):
        return f"query about {self.where}"

    @property
    def where(self) -> str:
        """Name what it is about."""
        if not self.muscle:
            return "the whole case"
        return Cell(self.muscle, self.side).label


class QueryNote(models.Model):
    """One step of a query: asked, answered, asked further, closed; or a proposal dismissed. Never changed."""

    class Kind(models.TextChoices):
        ASKED = "asked", "asked"
        ANSWERED = "answered", "answered"
        CLOSED = "closed", "closed"
        DISMISSED = "dismissed", "dismissed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    query = models.ForeignKey(Query, on_delete=models.PROTECT, related_name="notes")
    number = models.PositiveSmallIntegerField(help_text="From 1, in their order.")
    kind = models.CharField(max_length=9, choices=Kind)
    text = models.CharField(max_length=MAX_REASON_LENGTH, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "note on a query"
        verbose_name_plural = "notes on queries"
        ordering = ("query", "number")
        constraints = [
            models.UniqueConstraint(name="query_note_number_once", fields=["query", "number"]),
            models.CheckConstraint(name="query_note_number_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="query_note_kind", condition=Q(kind__in=["asked", "answered", "closed", "dismissed"])
            ),
            models.CheckConstraint(name="query_note_has_a_text", condition=Q(kind="closed") | ~Q(text="")),
        ]

    def __str__(self):
        return f"{self.kind}, note {self.number}"
