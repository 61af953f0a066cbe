"""No mistake at the site administration is answered by a failure, and none is stored by half."""

import os
from itertools import count

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from grading.models import DiagnosisGroup, Member, Study
from grading.services.database_words import in_words
from tests.builders import make_member, make_participant, make_read, make_study, make_unblinded, make_user
from tests.grading.admin.pages import fields_of
from tests.hostile.test_generated_requests import fingerprint
from thighsite.acting import because

pytestmark = pytest.mark.django_db

NASTY = ["", " ", "\x00", "‮x", "é", "𝕬" * 300, "9" * 40, "-1", "NaN", "0001-01-01", "#12345g", "None", str(2**31)]
TIMES = len(NASTY) if os.environ.get("THIGHSITE_FULL") else 1  # that each field is given one of them
TOUCHED_ANYWAY = {"grading_unblinded", "auth_user"}  # who looks is noted, and when somebody last signed in


@pytest.fixture
def worked(study):
    """A study with a read that has grades."""
    make_read(study=study, reader=make_member(study, user=make_user("reader2")).user, scores=[1, 2])
    return study


def lock(study):
    Study.objects.filter(pk=study.pk).update(locked_at=timezone.now(), locked_by=make_member(study, "coordinator").user)
    study.refresh_from_db()


MODELS = sorted(model._meta.label_lower.replace(".", "_") for model in admin.site._registry)


def rows(study) -> dict:
    """A row of each model that the administration shows and lets somebody change."""
    return {"study": study, "member": study.members.first(), "user": make_user("somebody")}


def said(response) -> str:
    return response.content.decode().replace("&#x27;", "'")


# The kind ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["study", "member", "user"])
def test_no_value_of_any_field_fails(pages, worked, which):
    row, turn = rows(worked)[which], count()
    model = row._meta.label_lower.replace(".", "_")
    for path in (pages.path(model, "change", row.pk), pages.path(model, "add")):
        fields = pages.shown(path)
        for name in [*fields.keys() - {"csrfmiddlewaretoken"}] * TIMES:
            value = NASTY[next(turn) % len(NASTY)]
            with transaction.atomic():
                answer = pages.client.post(path, fields | {name: value, "_save": "Save"})
                connection.check_constraints()
                transaction.set_rollback(True)
            assert answer.status_code < 500, (path, name, value)


@pytest.mark.parametrize("model", MODELS)
def test_no_address_and_no_list_fails(pages, worked, model):
    for value in ("\x00", "9" * 40, str(2**31), "None"):
        for verb in ("change", "delete", "history"):
            path = pages.path(model, verb, value)
            assert pages.client.get(path).status_code < 500, path
            assert pages.client.post(path, {"post": "yes"}).status_code < 500, path
        path = pages.path(model, "changelist")
        for name in ("q", "o", "p", "study__id__exact", "role__exact", "kind__exact", "at__year", "id"):
            assert pages.client.get(path, {name: value}).status_code < 500, (path, name, value)
        answer = pages.client.post(path, {"action": "delete_selected", "_selected_action": value})
        assert answer.status_code < 500


def test_what_breaks_a_rule_is_an_error_of_the_form_and_undone(pages, worked):
    before = fingerprint()
    for name, expected in RULES.items():
        with transaction.atomic():
            answer = pages.change(worked, **BROKEN[name])
            transaction.set_rollback(True)
        assert answer.status_code == 200, name
        assert expected in said(answer), name
    after = fingerprint()
    assert {table for table in after if after[table] != before[table]} <= TOUCHED_ANYWAY


RULES = {
    "a group with participants deleted": "The group IMNM has participants, and stays.",
    "two references": "Exactly one group is the reference",
    "no reference": "Exactly one group is the reference",
    "sides": "The study has grades: its sides can no longer change.",
    "one colour": "Two groups have one colour",
    "one code": "Please correct the duplicate",
    "no colour": "Write a colour as # and six digits, such as #0072B2.",
    "short name": "already exists",
}
BROKEN = {
    "a group with participants deleted": {"groups__0__DELETE": "on"},
    "two references": {"groups__0__is_reference": "on", "groups__1__is_reference": "on"},
    "no reference": {"groups__0__is_reference": None, "groups__1__is_reference": None},
    "sides": {"sides": "apart"},
    "one colour": {"groups__0__colour": "#d55e00"},
    "one code": {"groups__1__code": "IMNM", "reason": "x"},
    "no colour": {"groups__1__colour": "blue"},
    "short name": {"slug": "taken"},
}


@pytest.fixture(autouse=True)
def taken(db):
    make_study(slug="taken")


def test_database_rule_beyond_the_forms_is_told_in_its_words(pages, worked, monkeypatch):
    """The forms know the rule of sides; here they forget it, and the database has the word."""
    monkeypatch.setattr(Study, "has_grades", False)

    answer = pages.change(worked, sides="apart", title="Other")

    assert answer.status_code == 200
    assert "The study has grades: its sides can no longer change. Nothing was stored." in said(answer)
    worked.refresh_from_db()
    assert (worked.sides, worked.title == "Other") == ("together", False)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE grading_member SET role = 'investigator' WHERE role = 'reader'", "has reads in the study"),
        ("UPDATE grading_diagnosisgroup SET colour = '#000000', code = 'x'", "This is done with a reason"),
        ("UPDATE grading_study SET locked_at = now()", "study lock is whole"),
        ("INSERT INTO grading_study SELECT * FROM grading_study LIMIT 1", "grading study pkey"),
        ("UPDATE grading_study SET title = NULL", "a rule of the database"),
    ],
)
def test_refusals_have_words(worked, statement, expected):
    def act() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            connection.check_constraints()

    with pytest.raises(IntegrityError) as refused:
        act()

    assert expected in in_words(refused.value)


# Members -------------------------------------------------------------------------------------------------------------


def test_reader_with_reads_stays_one(pages, worked):
    member = worked.members.get()

    changed, deleted = pages.change(member, role="investigator"), pages.delete(member)

    assert "reader2 has reads in this study, and so remains a reader of it." in said(changed)
    assert "reader2 has reads in this study and stays; suspend them, or switch the account off instead." in said(
        deleted
    )
    assert Member.objects.filter(pk=member.pk, role="reader").exists()


def test_page_says_why_nothing_is_deleted_and_does_not_offer_it(pages, worked):
    for row in (worked, worked.members.get(), worked.members.get().user):
        model = row._meta.label_lower.replace(".", "_")
        page = said(pages.client.get(pages.path(model, "change", row.pk)))
        assert "stays" in page
        assert 'class="deletelink"' not in page
    free = make_member(worked, "investigator")
    assert 'class="deletelink"' in said(pages.client.get(pages.path("grading_member", "change", free.pk)))


def test_member_without_reads_is_deleted(pages, study):
    member = make_member(study)

    assert pages.delete(member).status_code == 200
    assert not Member.objects.filter(pk=member.pk).exists()


def test_nothing_is_deleted_many_at_a_time(pages, worked):
    for model in ("grading_study", "grading_member", "auth_user"):
        page = said(pages.client.get(pages.path(model, "changelist")))
        assert "delete_selected" not in page


# Studies -------------------------------------------------------------------------------------------------------------


def test_study_that_was_worked_in_stays(pages, worked):
    assert "has been worked in and stays" in said(pages.delete(worked))
    assert Study.objects.filter(pk=worked.pk).exists()


def test_study_in_which_nothing_was_done_is_deleted(pages, study):
    make_member(study, "investigator")

    pages.delete(study)

    assert not Study.objects.filter(pk=study.pk).exists()


def test_locked_study_shows_and_takes_nothing(pages, worked):
    before = pages.shown(path := pages.path("grading_study", "change", worked.pk))
    lock(worked)

    page = said(pages.client.get(path))
    answer = pages.client.post(path, before | {"title": "Other", "groups-0-code": "X", "reason": "r"}, follow=True)

    assert "The study is locked: while it is, nothing of it and of its groups can be changed." in page
    assert not {"title", "slug", "groups-0-code"} & fields_of(page).keys()
    assert "Nothing was changed. The study is locked" in said(answer)
    worked.refresh_from_db()
    assert worked.title != "Other"
    assert not DiagnosisGroup.objects.filter(code="X").exists()


# Accounts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["Reader2", "READER2", "reader2"])
def test_account_beside_one_that_differs_in_capitals_is_refused(pages, worked, username):
    new = {"usable_password": "true", "password1": "correct-horse-battery", "password2": "correct-horse-battery"}

    answer = pages.send(pages.path("auth_user", "add"), username=username, **new)

    assert answer.status_code == 200
    assert "is almost the account 'reader2'" in said(answer) or "already exists" in said(answer)
    assert get_user_model().objects.filter(username__iexact="reader2").count() == 1


def test_account_that_counts_for_something_stays(pages, worked):
    reader, member = worked.members.get().user, make_member(worked, "investigator")
    former = make_unblinded(make_member(worked, "coordinator"))
    former.delete()

    answers = [said(pages.delete(user)) for user in (reader, member.user, former.user)]

    for answer, why in zip(answers, ["has reads in", "belongs to", "has seen the groups"], strict=True):
        assert why in answer
        assert "switch the account off instead" in answer
    assert get_user_model().objects.filter(pk__in=[reader.pk, member.user.pk, former.user.pk]).count() == 3


def test_account_that_counts_for_nothing_is_deleted(pages, worked):
    user = make_user()

    pages.delete(user)

    assert not get_user_model().objects.filter(pk=user.pk).exists()


def test_permission_groups_and_sessions_are_not_offered(pages, worked):
    index = said(pages.client.get("/admin/"))
    page = said(pages.client.get(pages.path("auth_user", "change", make_user().pk)))

    assert "/admin/auth/group/" not in index
    assert "usersession" not in index
    assert 'name="groups"' not in page


def test_words_are_those_of_people(pages, worked):
    make_participant(worked)
    page = said(pages.client.get(pages.path("grading_study", "change", worked.pk)))
    lists = said(pages.client.get(pages.path("grading_study", "changelist")))

    for word in ("Slug", "Wash out days", "Is reference", "Django administration", "Select study to change"):
        assert word not in page + lists
    for word in ("Short name", "Wash-out, in days", "such as #0072B2", "Reference"):
        assert word in page


@pytest.mark.parametrize("which", ["study", "group", "member", "user"])
def test_page_that_is_older_puts_nothing_back(pages, worked, which):
    """Of two site admins, or of one beside a coordinator, who have one page open."""
    row = make_member(worked) if which == "member" else rows(worked)["study" if which == "group" else which]
    path = pages.path(row._meta.label_lower.replace(".", "_"), "change", row.pk)
    older = pages.shown(path) | {"_save": "Save"}
    changed = {"study": {"wash_out_days": 14}, "member": {"role": "adjudicator"}, "user": {"is_active": False}}
    if which == "group":
        with because("a slip"):
            worked.groups.filter(pk=worked.groups.first().pk).update(name="Other")
    else:
        type(row).objects.filter(pk=row.pk).update(**changed[which])
    late = pages.client.post(path, older, follow=True)
    row.refresh_from_db()
    now = pages.client.post(path, pages.shown(path) | {"_save": "Save"}, follow=True)

    assert "changed after this page was opened" in said(late)
    assert all(getattr(row, name) == value for name, value in changed.get(which, {}).items())
    assert "changed after this page was opened" not in said(now)
