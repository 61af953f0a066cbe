"""The pages on which somebody makes a personal token and ends one. They are listed with sign-in and security."""

from typing import cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from grading.access import SignedInRequest, refused_method, signed_in_view
from grading.models import Member
from grading.roles import ROLES
from thighsite.api.forms import TokenForm
from thighsite.api.tokens import end_token, make_token, tokens_of

_SEEING = [role.code for role in ROLES if role.sees_groups]


@signed_in_view(methods=None)
def new_token(request: SignedInRequest) -> HttpResponse:
    """Make a token, and show it this once. For those who see the groups in some study."""
    if not _memberships(request).exists():
        raise PermissionDenied
    return refused_method(request, ("GET", "POST")) or _new_token(request)


@reauthentication_required
def _new_token(request: SignedInRequest) -> HttpResponse:
    form = TokenForm(request.POST if request.method == "POST" else None, members=_memberships(request))
    if not form.is_valid():
        return render(request, "account/new_token.html", {"form": form}, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    token = make_token(
        member=cast(Member, said["study"]), name=said["name"], scopes=said["scopes"], days=said["days"], request=request
    )
    return render(request, "account/token.html", {"token": token, "name": said["name"]})


@signed_in_view(methods=None)
def end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End one of the user's own tokens."""
    token = get_object_or_404(tokens_of(request.user).select_related("member__user"), pk=pk)
    if refused := refused_method(request, ("POST",)):
        return refused
    end_token(token, request=request)
    messages.success(request, f"The token {token.name} works no more.")
    return redirect("security")


def _memberships(request: SignedInRequest):
    members = Member.objects.not_suspended().filter(user=request.user, role__in=_SEEING)
    return members.select_related("study").order_by("study__title")
