"""Reminding readers by e-mail of the cases that wait for them, where the site has a server for it."""

import logging
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.urls import reverse

from grading.models import Member, Study
from grading.services.row_lock import ENTRY_HAS_ENDED
from grading.words import counted

TEXT = """{by} reminds you of the study “{study}” on thighsite.

{waiting} for you there. You find them after signing in as {username}:

{link}
"""
AGAIN_AFTER = 60 * 60  # seconds: whoever presses twice, or after somebody else did, sends no second mail
log = logging.getLogger(__name__)


def remind(*, member: Member, waiting: int, by: Any, site: str) -> None:
    """Send a reader the number of cases that are ``waiting`` for them.

    The study has its title for readers, and neither a participant nor a case is named: mail is read anywhere.

    Raises:
        ValidationError: nothing waits for the member, they are suspended or have no address, they were reminded within
            the hour, or no mail goes out.
    """
    if problem := _why_not(member, member.study, waiting):
        raise ValidationError(problem)
    text = TEXT.format(
        by=by.get_full_name() or by.get_username(),
        study=member.study.title_for_readers,
        waiting=f"{counted(waiting, 'case')} {'waits' if waiting == 1 else 'wait'}",
        username=member.user.get_username(),
        link=f"{site.rstrip('/')}{reverse('worklist', args=[member.study_id])}",
    )
    message = EmailMessage(f"{settings.EMAIL_SUBJECT_PREFIX}Cases wait for you", text, to=[member.user.email])
    if not cache.add(sent := f"reminder-{member.pk}", True, AGAIN_AFTER):
        raise ValidationError(f"{member.user.get_username()} was reminded within the last hour.")
    try:
        is_sent = message.send() == 1
    except OSError:  # of smtplib's errors, too
        log.warning("A reminder could not be mailed.", exc_info=True)
        is_sent = False
    if not is_sent:
        cache.delete(sent)
        raise ValidationError("The reminder could not be sent: the mail server did not take it.")


def _why_not(member: Member, study: Study, waiting: int) -> str:
    name = member.user.get_username()
    if not settings.SENDS_MAIL:
        return "This site sends no e-mail."
    if study.is_locked:
        return ENTRY_HAS_ENDED
    if member.role != Member.Role.READER or member.suspended_at:
        return f"{name} does not read in this study now."
    if not member.user.email:
        return f"The site knows no e-mail address of {name}."
    return "" if waiting else f"No case waits for {name} now."
