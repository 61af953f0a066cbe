"""Where what a page was asked for can be asked for again."""

from django.http import HttpRequest


def path_again(request: HttpRequest) -> str:
    """Give the address that leads to the same page; empty for what was sent, which an address does not repeat."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else ""


def again(request: HttpRequest) -> dict[str, str]:
    """Give templates ``path_again``."""
    return {"path_again": path_again(request)}
