"""Members of studies, in the site administration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from grading.admin.plain import PlainAdmin
from grading.admin.seeing import noting_urls
from grading.models import Member
from grading.services.members import end_unused


@admin.register(Member)
class MemberAdmin(PlainAdmin):
    list_display = ("user", "role", "study")
    list_filter = ("study", "role")
    list_select_related = ("user", "study")

    def get_urls(self) -> list:
        return noting_urls(super().get_urls())

    def why_kept(self, row: Member) -> str | None:
        if row.has_reads:
            return f"{row.user} has reads in this study and stays; suspend them, or switch the account off instead."
        return None

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        user = obj.user
        super().delete_model(request, obj)
        end_unused(user)
