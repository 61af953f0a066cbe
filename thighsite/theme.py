"""Dark by default, because reading rooms are dark; light or the system's choice on request."""

from django.http import HttpRequest

THEMES = ("dark", "light", "system")
COOKIE = "theme"


def theme(request: HttpRequest) -> dict[str, object]:
    """Give templates the theme in force and the ones to choose from."""
    chosen = request.COOKIES.get(COOKIE)
    return {"theme": chosen if chosen in THEMES else "dark", "themes": THEMES}
