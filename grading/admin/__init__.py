"""The site administration: studies, their groups and their members. Reads and grades change only through the site."""

from django.contrib import admin

from grading.admin import accounts, members, studies

__all__ = ["accounts", "members", "studies"]

admin.site.site_header = admin.site.site_title = "Site administration of thighsite"
admin.site.index_title = "What site admins look after"
admin.site.disable_action("delete_selected")  # one at a time: of many, some could never be deleted
