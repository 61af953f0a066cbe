"""The trail of signing in, to be read by site admins and changed by nobody."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpRequest

from thighsite.sign_in.models import SignInEvent

# Keys of second factors are nobody's to see or make; e-mail addresses the site keeps with the accounts.
admin.site.unregister([Authenticator, EmailAddress])


@admin.register(SignInEvent)
class SignInEventAdmin(admin.ModelAdmin):
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
