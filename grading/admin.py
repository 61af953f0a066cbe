"""The site administration: studies, their groups and their members. Reads and grades change only through the site."""

from django.contrib import admin

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
