"""The site's URLs, and some that fail in every way in which a view can. They are sent a participant's code."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress

import psycopg
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from grading.access import signed_in_view
from thighsite import urls
from thighsite.urls import handler404, handler500  # noqa: F401


@csrf_exempt
def fail(request: HttpRequest, **_):
    raise KeyError(request.POST["code"])


@csrf_exempt
def fail_in_turn(request: HttpRequest):
    try:
        fail(request)
    except KeyError as error:
        raise RuntimeError("There is no such participant.") from error


@csrf_exempt
@transaction.atomic
def break_rule(request: HttpRequest):
    """PostgreSQL says in its DETAIL which value there is already."""
    for _ in range(2):
        get_user_model().objects.create(username=request.POST["code"])


@csrf_exempt
def misfit(request: HttpRequest):
    """PostgreSQL repeats in its message the value that is no number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::int", [request.POST["code"]])


@csrf_exempt
def lose_database(request: HttpRequest):
    """PostgreSQL ends the connection in the middle of a request, as when it is started anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def lose_database_at_last(request: HttpRequest) -> HttpResponse:
    """The session is stored once the view has ended, and the connection has, too."""
    request.session["seen"] = True
    with suppress(OperationalError):
        lose_database(request)
    return HttpResponse("done")


def ask_database(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("asked")


def refuse(request: HttpRequest, state: str):
    """PostgreSQL gives a statement up with this SQLSTATE."""
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")


def send_too_much(request: HttpRequest):
    """psycopg sends no statement with so many values, and says so with an error of the connection's."""
    connection.ensure_connection()
    psycopg.Cursor(connection.connection).execute(f"SELECT {','.join(['%s'] * 65536)}", [1] * 65536)


@csrf_exempt
def break_off(request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[str]:
        yield "the first line\n"
        raise KeyError(request.POST["code"])

    return StreamingHttpResponse(chunks())


@csrf_exempt
def lose_database_in_the_middle(request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[str]:
        yield "the first line\n"
        lose_database(request)

    return StreamingHttpResponse(chunks())


def lose_replica(request: HttpRequest):
    """Its wire is cut: PostgreSQL says nothing of that. The connection is let go, as of a transaction undone."""
    connection.ensure_connection()
    replica = connection.copy()
    replica.ensure_connection()
    with socket.socket(fileno=os.dup(replica.connection.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)
    try:
        replica.cursor().execute("SELECT 1")
    finally:
        replica.close()


def download(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter(["the first line\n"]))


urlpatterns = [
    *urls.urlpatterns,
    path("fail/<uuid:pk>/", fail),
    path("fail/<str:token>/", fail),
    path("fail-in-turn/", fail_in_turn),
    path("break-rule/", break_rule),
    path("misfit/", misfit),
    path("misfit-of-a-user/", signed_in_view(methods=("POST",))(misfit)),
    path("lose-database/", lose_database),
    path("lose-database-at-last/", lose_database_at_last),
    path("ask-database/", ask_database),
    path("refuse/<str:state>/", refuse),
    path("send-too-much/", send_too_much),
    path("break-off/", break_off),
    path("lose-database-in-the-middle/", lose_database_in_the_middle),
    path("lose-replica/", lose_replica),
    path("download/", download),
]
