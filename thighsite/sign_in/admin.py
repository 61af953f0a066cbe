"""The trail of signing in, to be read by site admins and changed by nobody."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin

from grading.admin.plain import ReadOnlyAdmin
from thighsite.sign_in.models import SignInEvent

# Keys of second factors are nobody's to see or make; e-mail addresses the site keeps with the accounts. Sessions are
# ended by `manage.py end_sessions`: a line taken off their list would end none.
admin.site.unregister([Authenticator, EmailAddress, UserSession])


@admin.register(SignInEvent)
class SignInEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "username", "unknown_name", "address", "detail", "browser")
    list_filter = ("kind",)
    search_fields = ("username", "address")
    date_hierarchy = "at"
