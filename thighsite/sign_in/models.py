"""What happened when somebody signed in, or tried to; and the personal tokens of scripts."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

MAX_TOKEN_DAYS = 90


class SignInEvent(models.Model):
    """One line of the trail. The database refuses to change or delete it.

    ``username`` is the account's. A name that belongs to none is not kept, since people type passwords there by
    mistake: ``unknown_name`` is a keyed hash of it, by which tries with the same name can be told to be the same.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", "signed in"
        REFUSED = "refused", "refused"
        CONFIRMED = "confirmed", "confirmed"
        SECOND_FACTOR = "second_factor", "second factor"
        SECOND_FACTOR_REFUSED = "second_factor_refused", "second factor refused"
        SIGNED_OUT = "signed_out", "signed out"
        EXPIRED = "expired", "session expired"
        ENDED = "ended", "sessions ended"
        PASSWORD_CHANGED = "password_changed", "password changed"
        LINK_MADE = "link_made", "one-time link made"
        LINKS_ENDED = "links_ended", "one-time links ended"
        FACTOR_ADDED = "factor_added", "second factor added"
        FACTOR_REMOVED = "factor_removed", "second factor removed"
        TOKEN_MADE = "token_made", "token made"
        TOKEN_ENDED = "token_ended", "token ended"

    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=24, choices=Kind)
    # No constraint: the line stays when the account is deleted.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    username = models.CharField(max_length=150, blank=True)
    unknown_name = models.CharField(max_length=16, blank=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(name="sign_in_event_user_at", fields=["user", "at"]),
            # What one-time links are judged by, among many confirmed sign-offs.
            models.Index(
                name="sign_in_event_link",
                fields=["user", "id"],
                condition=models.Q(kind__in=["link_made", "links_ended"]),
            ),
        ]

    def __str__(self):
        return f"{self.username or 'unknown'}: {self.get_kind_display()}"


class ApiToken(models.Model):
    """A personal token, by which a script acts for a member in one study, within scopes and for a while.

    ``digest`` is made with the site's key of the token's secret and of everything else here that counts: whoever can
    write to the database can neither make a token nor widen one (thighsite/api/tokens.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey("grading.Member", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "API token"
        ordering = ("made_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="api_token_has_an_end",
                condition=models.Q(expires_at__lte=models.F("made_at") + timedelta(days=MAX_TOKEN_DAYS)),
            ),
        ]

    def __str__(self):
        return f"{self.name} (token)"
