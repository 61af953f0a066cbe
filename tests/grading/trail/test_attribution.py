"""Each change carries the person who made it and why, and a connection carries nobody over to the next request."""

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse

from grading.models import Study, TrailRecord
from tests.builders import make_member, make_read, make_signed_off_read, make_study
from thighsite.acting import because, note_actor
from thighsite.environment import program_name

pytestmark = pytest.mark.django_db


def last(**chosen) -> TrailRecord:
    return TrailRecord.objects.filter(**chosen).latest("id")


def test_grade_saved_by_a_reader_is_the_readers(client):
    read = make_read()
    client.force_login(read.reader)

    sent = {"muscle": "VL", "side": "both", "score": 2}
    client.post(reverse("save-grade", args=[read.pk]), sent, content_type="application/json")

    record = last(table="grading_grade")
    assert (record.after, record.actor, record.read, record.study) == ({"VL": 2}, read.reader, read, read.study)


def test_reopening_carries_its_reason(client):
    read = make_signed_off_read()
    coordinator = make_member(read.study, "coordinator").user
    client.force_login(coordinator)
    reason = "50% were O'Brien's: \\ wrong thigh"

    client.post(reverse("reopen", args=[read.study.slug, read.pk]), {"reason": reason})

    record = last(table="grading_read")
    assert (record.actor, record.reason, record.after["status"]) == (coordinator, reason, "draft")


def test_admin_is_noted_by_person(client, django_user_model, study):
    admin = django_user_model.objects.create_superuser("root")
    client.force_login(admin)

    client.post(f"/admin/grading/member/{make_member(study).pk}/delete/", {"post": "yes"})

    record = last(table="grading_member")
    assert (record.operation, record.actor) == ("delete", admin)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["manage.py", "import_grades", "--study", "x"], "manage.py import_grades"),
        (["/srv/manage.py"], "manage.py"),
        (["/usr/bin/gunicorn"], "site"),
        ([], "site"),
    ],
)
def test_trail_names_the_command_or_the_site(arguments, name):
    assert program_name(arguments) == name


def test_what_nobody_asked_for_has_no_person_but_a_role():
    study = make_study()

    record = last(table="grading_study", study=study)
    assert (record.actor_id, record.source, record.role) == (None, "site", connection.settings_dict["USER"])


def write(request=None):
    Study.objects.update(wash_out_days=write.next)
    write.next += 1
    return HttpResponse()


write.next = 1


def fail(request):
    write()
    raise RuntimeError


def stream(request):
    def parts():
        write()
        yield b"."

    return StreamingHttpResponse(parts())


def requested(view, user=None):
    request = RequestFactory().get("/")
    request.user = user
    return note_actor(view)(request)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_between", ["answered", "failed", "streaming"])
def test_connection_carries_nobody_into_the_next_request(in_between):
    study = make_study()
    first, second = make_member(study).user, make_member(study).user
    backend = pid()

    if in_between == "failed":
        with pytest.raises(RuntimeError):
            requested(fail, first)
    response = requested({"answered": write, "streaming": stream}.get(in_between, write), first)
    requested(write, second)
    by_second = last()
    list(response)
    write()

    assert backend == pid()
    assert by_second.actor == second
    assert last().actor is None
    if in_between != "streaming":
        assert TrailRecord.objects.filter(actor=first).exists()


def pid():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_reason_ends_with_its_block(study):
    with because("a reason"):
        write()
    reasoned = last().reason
    write()

    assert (reasoned, last().reason) == ("a reason", "")


def test_statement_for_many_rows_carries_person_and_reason_too(study):
    with because("in bulk"), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE grading_study SET wash_out_days = %s WHERE id = %s", [(50, study.pk), (51, study.pk)]
        )

    assert [record.reason for record in TrailRecord.objects.order_by("-id")[:2]] == ["in bulk", "in bulk"]


def test_statement_returns_its_own_rows_and_count(study):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grading_study SET title = '50%%' WHERE id = %(id)s RETURNING title", {"id": study.pk})

        assert (cursor.rowcount, cursor.fetchall()) == (1, [("50%",)])
