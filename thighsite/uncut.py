"""How the fields of forms are written: without the length at which a browser would cut what is pasted, unseen."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest


class UncutFields(DjangoTemplates):
    """Renders fields that take whatever is typed or pasted: the server says in words what is too long, and keeps it."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        context.get("widget", {}).get("attrs", {}).pop("maxlength", None)
        return super().render(template_name, context, request)
