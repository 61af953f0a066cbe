"""Errors by mail to those who run the site, where the setting ADMINS names them."""

import logging
import time

from thighsite.log.lines import fields, in_one_line

PAUSE = 60.0  # seconds in which a process sends no second mail: a fault that meets everybody must not flood a mailbox


class MailToAdmins(logging.Handler):
    """Sends what a line has, one field below the other."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.sent: float | None = None

    def emit(self, record: logging.LogRecord) -> None:
        from django.conf import settings
        from django.core.mail import mail_admins

        now = time.monotonic()
        if not settings.configured or not settings.ADMINS:  # settings that cannot be read are an error, too
            return
        if self.sent is not None and now < self.sent + PAUSE:
            return
        self.sent = now
        try:
            told = fields(record)
            text = "\n".join(f"{name}: {value}" for name, value in told.items())
            mail_admins(f"{record.levelname}: {in_one_line(told['message'])[:100]}", f"{text}\n\n{MORE}")
        except Exception:  # whatever is wrong with mail must not end a request whose error it was to tell of
            logging.getLogger("thighsite.mail").warning("An error could not be mailed to ADMINS.", exc_info=True)


MORE = "There may be more: a process sends one mail a minute. All errors are on the site's standard error."
