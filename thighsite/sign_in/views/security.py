"""A user's own page of sign-in and security."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.generic import RedirectView

from grading.access import signed_in_view
from thighsite.api.tokens import tokens_of
from thighsite.sign_in import second_factor, sessions
from thighsite.sign_in.browsers import in_words
from thighsite.sign_in.session_store import stored_key

Type = Authenticator.Type


@signed_in_view()
def security(request: HttpRequest) -> HttpResponse:
    user: Any = request.user  # with what AccountBackend adds
    found = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    codes = next((each.wrap() for each in found if each.type == Type.RECOVERY_CODES), None)
    context = {
        "app": next((each for each in found if each.type == Type.TOTP), None),
        "passkeys": [each for each in found if each.type == Type.WEBAUTHN],
        "codes_left": len(codes.get_unused_codes()) if codes else None,
        "missing": second_factor.must_have(user) and not user.has_second_factor,
        "sessions": [(each, in_words(each.user_agent)) for each in sessions.open_sessions(request.user)],
        "tokens": tokens_of(user),
        "now": timezone.now(),
        "this_session": stored_key(request.session),
    }
    return render(request, "account/security.html", context)


@signed_in_view(methods=("POST",))
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one of the user's own sessions, or all but this one."""
    only = request.POST.get("session", "")
    if only and not only.isdecimal():
        return redirect("security")
    ended = sessions.end(user=request.user, by=request.user, request=request, keep=request.session, only=only or None)
    messages.success(request, f"{ended} session{'' if ended == 1 else 's'} ended.")
    return redirect("security")


class SetUpApp(ActivateTOTPView):
    """allauth's, where the code that was shown for it could be used again to sign in."""

    def form_valid(self, form) -> HttpResponse:
        try:
            with transaction.atomic():
                response = super().form_valid(form)
                app = Authenticator.objects.get(user=form.user, type=Type.TOTP)
                app.wrap().validate_code(form.cleaned_data["code"])  # uses it up
        except IntegrityError:  # of two presses at once, the other one has set it up
            return redirect("security")
        return response


class RemovePasskey(RemoveWebAuthnView):
    """allauth's, which would also remove the only second factor of somebody who must have one.

    Named by the passkey's own random id, where allauth counts.
    """

    def get_object(self, queryset=None) -> Authenticator:
        return get_object_or_404(self.get_queryset(), data__credential__id=self.kwargs["credential"])

    def form_valid(self, form) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return HttpResponseRedirect(reverse("security"))
        return super().form_valid(form)


to_security = RedirectView.as_view(pattern_name="security")
set_up_app = SetUpApp.as_view()
remove_passkey = RemovePasskey.as_view(success_url=reverse_lazy("security"))
