"""Choosing a password: through a one-time link, or in place of an earlier one."""

from typing import Any

from allauth.account.views import PasswordChangeView
from django.contrib.auth import get_user_model
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.http import urlsafe_base64_decode

from grading.access import signed_in_view
from thighsite.sign_in import sessions
from thighsite.sign_in.allauth_internals import sign_in_by_password
from thighsite.sign_in.one_time_links import tokens
from thighsite.sign_in.trail import Kind, record


class SetPassword(PasswordResetConfirmView):
    """Behind a one-time link. Who has a second factor is asked for it before being let in."""

    template_name = "account/set_password.html"
    token_generator = tokens

    def get_user(self, uidb64: str) -> Any | None:
        """Find whom grading.services.accounts.one_time_link names; None if it is nobody."""
        try:
            username = urlsafe_base64_decode(uidb64).decode()
        except ValueError:
            return None
        return None if "\x00" in username else get_user_model().objects.filter(username=username).first()

    def form_valid(self, form) -> HttpResponse:
        user: Any = self.user  # the link's
        with transaction.atomic():
            if not self.is_unused():
                return self.render_to_response({"validlink": False})
            super().form_valid(form)  # saves the password and uses the link up
        record(Kind.PASSWORD_CHANGED, user=user, request=self.request, detail="one-time link")
        sessions.end(user=user, by=user, request=self.request)
        return sign_in_by_password(self.request, user, reverse("home"))

    def is_unused(self) -> bool:
        """Ask again, once nobody else can be using the link: of two at once, one chooses the password."""
        whose: Any = self.user  # the link's
        user = get_user_model().objects.select_for_update().filter(pk=whose.pk).first()  # an invitation may be gone
        token = self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        return user is not None and self.token_generator.check_token(user, token)


set_password = SetPassword.as_view(success_url=reverse_lazy("home"))
change_password = signed_in_view(methods=("GET", "POST"))(
    PasswordChangeView.as_view(success_url=reverse_lazy("security"))
)
