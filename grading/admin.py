"""The site administration: studies, their groups and their members. Reads and grades change only through the site."""

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm

from grading.models import DiagnosisGroup, Member, Study


class GroupInline(admin.TabularInline):
    model = DiagnosisGroup
    extra = 0


@admin.register(Study)
class StudyAdmin(admin.ModelAdmin):
    list_display = ("slug", "title", "sides")
    inlines = (GroupInline,)


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ("user", "role", "study")
    list_filter = ("study", "role")
    list_select_related = ("user", "study")


class AccountForm(UserChangeForm):
    """Says in words what the database refuses: a site admin can see the groups, and a reader must be blind to them."""

    def clean(self):
        cleaned = super().clean() or {}
        becomes_admin = cleaned.get("is_staff") or cleaned.get("is_superuser")
        if becomes_admin and self.instance.memberships.filter(role=Member.Role.READER).exists():
            raise forms.ValidationError("A reader must be blind to the groups, which a site admin can see.")
        return cleaned


admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class AccountAdmin(UserAdmin):
    form = AccountForm
