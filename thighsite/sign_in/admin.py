"""The trail of signing in, to be read by site admins and changed by nobody."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest

from grading.admin.plain import PlainAdmin
from thighsite.sign_in.models import SignInEvent

# Keys of second factors are nobody's to see or make; e-mail addresses the site keeps with the accounts. Sessions are
# ended by `manage.py end_sessions`: a line taken off their list would end none.
admin.site.unregister([Authenticator, EmailAddress, UserSession])


@admin.register(SignInEvent)
class SignInEventAdmin(PlainAdmin):
    list_display = ("at", "kind", "username", "unknown_name", "address", "detail", "browser")
    list_filter = ("kind",)
    search_fields = ("username", "address")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
