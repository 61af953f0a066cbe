"""What is to be done, is being done and was done in the background; and the pieces of what is being done."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from thighsite import proofs

MAX_KEY, MAX_WORDS = 200, 200
PIECE = "job_piece"  # as a proof names it


class Job(models.Model):
    """One piece of work, from being started to its end.

    ``attempt`` counts how often a worker was to begin it. Who works on an attempt that is no longer the job's own
    writes nothing any more: neither progress nor a result. What it is to do and in whose name is proven by the site, or
    anybody who can write to the table could have it done.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        STOPPED = "stopped", "stopped"

    ACTIVE = (State.WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Rows outlive whom and what they name: one that was deleted could be put back, and be done again.
    study = models.ForeignKey(
        "grading.Study", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="jobs"
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=MAX_KEY, blank=True, help_text="One job with it waits or runs at a time.")
    arguments = models.JSONField(default=dict)
    proof = models.CharField(max_length=proofs.LENGTH, help_text=proofs.HELP)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(default=1)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, help_text="Of how many; nothing where nobody knows.")
    doing = models.CharField(max_length=MAX_WORDS, blank=True, help_text="In words: what it is at.")
    result = models.JSONField(null=True)
    error = models.TextField(blank=True, help_text="In words: why it failed.")
    made_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, help_text="When the present attempt began; in pieces, the first.")
    heard_from = models.DateTimeField(null=True, help_text="When the worker that runs it last said so.")
    stop_asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)
        indexes = [
            models.Index(name="job_study_kind_made", fields=["study", "kind", "-made_at"]),
            models.Index(name="job_state_made", fields=["state", "-made_at"]),
            models.Index(name="job_made", fields=["-made_at", "-id"]),
            models.Index(name="job_key_ended", fields=["key", "-ended_at"], condition=~Q(key="")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="job_with_a_key_once", fields=["key"], condition=~Q(key="") & Q(state__in=["waiting", "running"])
            ),
            models.CheckConstraint(
                name="job_state_and_end_agree",
                condition=Q(state__in=["waiting", "running"], ended_at=None)
                | Q(state__in=["done", "failed", "stopped"], ended_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.get_state_display()}"

    @property
    def is_active(self) -> bool:
        """Say whether it waits or runs."""
        return self.state in self.ACTIVE

    def prove(self) -> None:
        """Note that the site starts the job."""
        self.proof = proofs.proof_of("job", *self._proven)

    @property
    def is_proven(self) -> bool:
        """Say whether the site started the job as it stands here."""
        return proofs.is_proven(self.proof, "job", *self._proven)

    @property
    def _proven(self) -> tuple[Any, ...]:
        return self.pk, self.study_id, self.started_by_id, self.kind, self.key, self.arguments


class JobPiece(models.Model):
    """A piece of a job that is being done, and what came of it. Its row goes when the job ends.

    What a piece is to do follows from the job's arguments and its number. Who does it holds the row's lock meanwhile.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    result = models.TextField(blank=True, help_text="As JSON; empty until it is done.")
    proof = models.CharField(max_length=proofs.LENGTH, blank=True, help_text=proofs.HELP)
    error = models.TextField(blank=True, help_text="In words: why the job fails.")

    class Meta:
        constraints = [models.UniqueConstraint(name="job_piece_once", fields=["job", "number"])]

    def __str__(self):
        return f"piece {self.number} of {self.job_id}"

    @property
    def is_proven(self) -> bool:
        """Say whether the site stored what came of it."""
        return proofs.is_proven(self.proof, PIECE, self.job_id, self.number, self.result)
