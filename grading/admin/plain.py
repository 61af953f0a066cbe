"""What every page of the site administration does alike: says in words what is refused, and stores all or nothing."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from grading.services.database_words import in_words

CHANGED = (
    "It was changed after this page was opened: by somebody else, or by you in another window or with a second press. "
    "What you see is what is stored: enter your change again if it is still needed."
)
NOTED_BY_ITSELF = {"last_login", "password"}


class PlainAdmin(admin.ModelAdmin):
    """Pages of one model. What the database refuses becomes an error of the form, whichever rule it is.

    A row that can never be changed or deleted is not offered for it, and its page says why.
    """

    class Media:
        css = {"all": ["grading/admin.css"]}

    said_when_adding = ""

    def why_unchanged(self, row: Any) -> str | None:
        """Say why a row cannot be changed; None if it can."""

    def why_kept(self, row: Any) -> str | None:
        """Say why a row cannot be deleted; None if it can."""

    def rows_beside(self, row: Any) -> Iterable[Any]:
        """List the rows of other models that the page of a row changes, too."""
        return ()

    def shown(self, request: HttpRequest, row: Any) -> str:
        """Write in short what the page of a row shows as stored; the page sends it back with what is changed."""
        fields = set(flatten_fieldsets(self.get_fieldsets(request, row))) - NOTED_BY_ITSELF
        told = [model_to_dict(row, fields), *(model_to_dict(each) for each in self.rows_beside(row))]
        return sha256(repr(told).encode()).hexdigest()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and self.why_kept(obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and self.why_unchanged(obj))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        title = str(self.opts.verbose_name_plural)
        try:
            return super().changelist_view(request, {"title": title[:1].upper() + title[1:]} | (extra_context or {}))
        except OverflowError:  # a year or a number that no date has
            return redirect(request.path)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        def show() -> HttpResponse:
            return super(PlainAdmin, self).changeform_view(request, object_id, form_url, extra_context)

        if request.method != "POST" or (object_id and not self.has_change_permission(request)):
            return show()  # which refuses what may not be changed
        if (row := self._row(request, object_id)) and (why := self.why_unchanged(row)):
            return self._sent_back(request, row, why)

        def store() -> HttpResponse:
            if row and request.POST.get("seen", "") not in ("", self.shown(request, self._locked(row))):
                return self._sent_back(request, row, CHANGED)
            return show()

        refused = _refusal(store)
        if not isinstance(refused, str):
            return refused
        request.refused = refused  # type: ignore[attr-defined]
        return show()

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]
        """Make the form; one that the database has refused already carries its sentence, and is not stored again."""
        form = super().get_form(request, obj, **kwargs)
        refused = getattr(request, "refused", None)
        return _with_error(form, refused) if refused else form

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        row = self._row(request, object_id)
        if row and (why := self.why_kept(row)):
            return self._sent_back(request, row, why)
        answer = _refusal(lambda: super(PlainAdmin, self).delete_view(request, object_id, extra_context))
        return self._sent_back(request, row, answer) if isinstance(answer, str) else answer

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        row = kwargs.get("obj")
        said = [self.why_unchanged(row), self.why_kept(row)] if row else [self.said_when_adding]
        context["reasons"] = list(dict.fromkeys(filter(None, said)))
        context["seen"] = self.shown(request, self._stored(row)) if row else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def _row(self, request: HttpRequest, object_id: str | None) -> Any:
        if object_id is None or not self.has_view_permission(request):
            return None
        return self.get_object(request, unquote(object_id))

    def _stored(self, row: Any) -> Any:
        """Fetch a row as it is stored: a form that was refused has changed the one it was made of."""
        return self.model._base_manager.get(pk=row.pk)

    def _locked(self, row: Any) -> Any:
        """Fetch a row as it is stored, and let nobody else change it until the transaction ends."""
        return self.model._base_manager.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)

    def _sent_back(self, request: HttpRequest, row: Any, why: str) -> HttpResponse:
        messages.error(request, f"Nothing was changed. {why}")
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk]))


def _refusal(act: Callable[[], HttpResponse]) -> HttpResponse | str:
    """Answer a request; or say in words what the database refused of it, with all of it undone."""
    try:
        with transaction.atomic():
            answer = act()
            connection.check_constraints()  # those that wait for the end of the transaction
            return answer
    except IntegrityError as error:
        return in_words(error)


def _with_error(form: type[forms.BaseForm], sentence: str) -> type[forms.BaseForm]:
    class Refused(form):  # type: ignore[valid-type, misc]
        def clean(self) -> Any:
            cleaned = super().clean()
            self.add_error(None, sentence)
            return cleaned

    return Refused


class ReadOnlyAdmin(PlainAdmin):
    """Pages of what is to be looked at, and entered, changed or deleted by nobody."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
