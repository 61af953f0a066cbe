"""Dark by default, because reading rooms are dark; light or the system's choice on request."""

from django.http import HttpRequest

THEMES = ("dark", "light", "system")
COOKIE = "theme"


def theme(request: HttpRequest) -> dict[str, object]:
    """Give templates the theme in force, the colours that a browser may give it, and the themes to choose from."""
    cookie = request.COOKIES.get(COOKIE)
    chosen = cookie if cookie in THEMES else "dark"
    return {"theme": chosen, "color_scheme": "dark light" if chosen == "system" else chosen, "themes": THEMES}
