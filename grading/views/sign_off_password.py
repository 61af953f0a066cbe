"""The password again, at the sign-off of studies that ask for it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from grading.models import Read
from thighsite.sign_in import throttling
from thighsite.sign_in.trail import record_refusal

WHERE = "password at sign-off"
WRONG = "That is not your password: not signed off. What you graded is kept."
ASK = "This study asks for your password at sign-off: reload the page, then sign off. What you graded is kept."
TOO_MANY = "Too many wrong passwords: not signed off. Try again in a quarter of an hour. What you graded is kept."


def check_password(request: HttpRequest, read: Read) -> bool:
    """Check the password of a sign-off; False where the study does not ask for it or the read is signed off already.

    Raises:
        ValidationError: the request has another password or none, or too many wrong ones were tried.
    """
    if not read.study.password_at_sign_off or read.is_signed_off:
        return False
    if not throttling.may_sign_off(request, request.user):
        raise ValidationError(TOO_MANY)
    if "password" not in request.POST:  # of a page that was made before the study asked: no try, so none is counted
        raise ValidationError(ASK)
    if not request.user.check_password(request.POST.get("password", "")):
        throttling.count_failure_at_sign_off(request, request.user)
        record_refusal(request, request.user.get_username(), WHERE)
        raise ValidationError(WRONG)
    return True
