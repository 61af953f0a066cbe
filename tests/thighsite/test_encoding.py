"""What a request may claim of its encoding, asked of the application that gunicorn serves."""

import io

import pytest

TYPES = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", ""]


def ask(content_type: str, method: str) -> str:
    from thighsite.wsgi import application  # not before the static files are there

    statuses = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/accounts/login/",
        "QUERY_STRING": "next=/",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": "3",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(b"a=b"),
        "wsgi.url_scheme": "http",
    }
    answer = application(environ, lambda status, headers: statuses.append(status))
    b"".join(answer)
    return statuses[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "charset", ["utf-16", "base64", "idna", "undefined", "rot13", "x-nonsense", "utf-7", '"hex"', "="]
)
@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_encoding_but_utf8(charset, content_type, method):
    assert ask(f"{content_type}; charset={charset}", method).startswith("415")
    assert ask(f"{content_type}; CHARSET={charset}; charset=utf-8", method)[:3] in ("200", "400", "403", "415")


@pytest.mark.django_db
@pytest.mark.parametrize("claimed", ["", "; charset=utf-8", "; charset=UTF-8", '; charset="utf-8"', "; charset=utf8"])
def test_utf8_is_read(claimed):
    assert ask(f"text/html{claimed}", "GET") == "200 OK"
