"""The readers who decide a case together confirm it, at the screen of one of them."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from grading.forms.signing_together import TogetherForm
from thighsite.sign_in import throttling
from thighsite.sign_in.trail import record_refusal

WHERE = "password at a consensus reading"
TOO_MANY = "Too many wrong passwords. Nothing was stored. Try again in a quarter of an hour."


def check_all_confirm(request: HttpRequest, others: Collection[int]) -> set[Any]:
    """Check the names and passwords of all who decide beside whoever is signed in, and give their accounts.

    Wrong ones count against the page they came from, as at a sign-off, and against the account that was named.

    Raises:
        ValidationError: somebody has not confirmed, or too many wrong passwords were tried.
    """
    form = TogetherForm(request.POST, others=others)
    named = [request.POST.get(f"name-{number}", "").strip()[:150] for number in form.numbers]
    if not throttling.may_sign_off(request, request.user) or not all(
        throttling.account_is_open(request, name) for name in named
    ):
        raise ValidationError(TOO_MANY)
    if form.is_valid():
        return form.confirmed
    for name in form.wrong:
        throttling.count_failure_at_sign_off(request, request.user)
        throttling.count_failure(request, name[:150])
        record_refusal(request, name[:150], WHERE)
    raise ValidationError([text for said in form.errors.values() for text in said])
