"""What happened when somebody signed in, or tried to."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class SignInEvent(models.Model):
    """One line of the trail. The database refuses to change or delete it.

    ``username`` is the account's. A name that belongs to none is not kept, since people type passwords there by
    mistake: ``unknown_name`` is a keyed hash of it, by which tries with the same name can be told to be the same.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", "signed in"
        REFUSED = "refused", "refused"
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
        indexes = [models.Index(name="sign_in_event_user_at", fields=["user", "at"])]

    def __str__(self):
        return f"{self.username or 'unknown'}: {self.get_kind_display()}"
