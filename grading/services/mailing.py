"""One-time links by e-mail, where the site has a server for it. The page shows the link in any case."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from grading.models import Member
from grading.roles import ROLE_BY_CODE

TEXT = """{by} invites you to the study “{study}” on thighsite, as {role}.

This link opens your account {username} once, until {until}, to choose a password:

{link}

Whoever has the link can open the account with it, so pass it on to nobody. If you expect no invitation, leave it be.
"""
log = logging.getLogger(__name__)


def mail_link(*, member: Member, link: str, until: datetime, by: Any) -> bool:
    """Send an invited member their link, and say whether the server took it.

    The study has the title for readers, whichever the role: whoever is invited in the wrong one shall stay blind.
    """
    text = TEXT.format(
        by=by.get_full_name() or by.get_username(),
        study=member.study.title_for_readers,
        role=ROLE_BY_CODE[member.role].with_article,
        username=member.user.get_username(),
        until=f"{until:%Y-%m-%d %H:%M} UTC",
        link=link,
    )
    message = EmailMessage(f"{settings.EMAIL_SUBJECT_PREFIX}Your one-time link", text, to=[member.user.email])
    try:
        return message.send() == 1
    except OSError:  # of smtplib's errors, too
        log.warning("A one-time link could not be mailed.", exc_info=True)
        return False
