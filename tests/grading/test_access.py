"""Who may open what. A stranger gets 404, another role 403 or 404, another method 405, nobody a way in."""

from datetime import timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from grading.models import Read
from tests.builders import make_member, make_read, make_study, make_unblinded, make_user

pytestmark = pytest.mark.django_db

READ_PAGES = [("read", ["GET", "POST"]), ("save-grade", ["POST"]), ("describe-read", ["POST"]), ("sign-off", ["POST"])]


@pytest.fixture
def read(study, reader):
    return make_read(study=study, reader=reader)


def ask(client, method, path, **headers):
    return getattr(client, method.lower())(path, **headers)


@pytest.mark.parametrize(("name", "methods"), READ_PAGES)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("who", ["stranger", "other reader", "investigator", "coordinator", "reader of another study"])
def test_read_is_nobody_elses(client, study, read, name, methods, method, who):
    users = {
        "stranger": make_user,
        "other reader": lambda: make_member(study, "reader").user,
        "investigator": lambda: make_member(study, "investigator").user,
        "coordinator": lambda: make_member(study, "coordinator").user,
        "reader of another study": lambda: make_member(make_study(), "reader").user,
    }
    client.force_login(users[who]())

    assert ask(client, method, reverse(name, args=[read.pk])).status_code == 404


@pytest.mark.parametrize("who", ["other reader", "investigator", "coordinator"])
def test_grade_for_anothers_read_is_not_found(client, study, read, who):
    client.force_login(make_member(study, who.split()[-1]).user)
    body = {"muscle": "VL", "side": "both", "score": 1}

    assert client.post(reverse("save-grade", args=[read.pk]), body, content_type="application/json").status_code == 404
    assert not read.entries.exists()


@pytest.mark.parametrize(("name", "methods"), READ_PAGES)
@pytest.mark.parametrize("body", [{}, {"muscle": "VL", "side": "both", "score": 1}])
def test_reread_is_not_there_before_its_time(client, reader, read, name, methods, body):
    Read.objects.filter(pk=read.pk).update(available_at=timezone.now() + timedelta(hours=1))
    client.force_login(reader)

    for method in methods:
        path = reverse(name, args=[read.pk])
        assert getattr(client, method.lower())(path, body, content_type="application/json").status_code == 404


@pytest.mark.parametrize(("name", "methods"), READ_PAGES)
def test_wrong_method_is_refused_after_access(client, reader, read, name, methods):
    client.force_login(reader)

    for method in {"GET", "PUT", "PATCH", "DELETE"} - set(methods):
        assert ask(client, method, reverse(name, args=[read.pk])).status_code == 405


@pytest.mark.parametrize(("name", "methods"), READ_PAGES)
def test_anonymous_is_sent_to_sign_in_or_told_in_json(client, read, name, methods):
    path = reverse(name, args=[read.pk])

    page = ask(client, methods[0], path)
    then = path if methods[0] == "GET" else "/"  # a POST cannot be asked for again
    data = ask(client, methods[0], path, headers={"accept": "application/json"})

    assert (page.status_code, page.url) == (302, f"{reverse('login')}?next={then}")
    assert data.status_code == 401
    assert "error" in data.json()


@pytest.mark.parametrize(
    ("role", "status"), [("reader", 200), ("investigator", 403), ("coordinator", 403), (None, 404)]
)
def test_worklist_is_for_readers_of_the_study(client, study, role, status):
    client.force_login(make_member(study, role).user if role else make_user())

    response = client.get(reverse("worklist", args=[study.pk]))

    assert response.status_code == status


def test_reader_who_left_the_study_reaches_nothing(client, study):
    member = make_member(study)
    client.force_login(member.user)
    member.delete()

    assert client.get(reverse("worklist", args=[study.pk])).status_code == 404


def _another_password(client, user) -> None:
    get_user_model().objects.filter(pk=user.pk).update(password=make_password("another-good-password"))


def _another_way_to_sign_in(client, user) -> None:
    """As if the site had let people sign in with something that it has no more."""
    session = client.session
    session[BACKEND_SESSION_KEY] = "former.Backend"
    session.save()


def _too_long_ago(client, user) -> None:
    Session.objects.update(expire_date=timezone.now())


@pytest.mark.parametrize("ended_by", [_another_password, _another_way_to_sign_in, _too_long_ago])
@pytest.mark.parametrize("name", ["worklist", "reading-list", "security"])
def test_session_that_is_over_opens_no_page(client, study, reader, name, ended_by):
    client.force_login(reader)
    path = reverse(name, args=[] if name == "security" else [study.pk])
    assert client.get(path).status_code == 200

    ended_by(client, reader)

    assert client.get(path).url == f"{reverse('login')}?next={path}"


@pytest.mark.parametrize("name", ["home", "worklist"])
def test_worklist_and_home_take_no_post(client, study, reader, name):
    client.force_login(reader)

    path = reverse(name, args=[study.pk] if name == "worklist" else [])

    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    ("role", "workplace"), [("reader", "worklist"), ("investigator", "comparison"), ("coordinator", "data")]
)
def test_home_leads_straight_to_work(client, study, role, workplace):
    client.force_login(make_member(study, role).user)

    assert client.get(reverse("home")).url == reverse(workplace, args=[study.pk if role == "reader" else study.slug])


def test_home_of_somebody_in_two_studies_lets_them_choose(client, study, reader):
    other = make_study()
    make_unblinded(make_member(other, "investigator", user=reader))
    client.force_login(reader)

    content = client.get(reverse("home")).content.decode()

    assert study.title_for_readers in content
    assert study.title not in content
    assert other.title in content
    assert reverse("comparison", args=[other.slug]) in content


def test_home_of_somebody_without_a_study_says_so(client, db):
    client.force_login(make_user())

    assert "no role in a study yet" in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize(("name", "methods"), READ_PAGES)
@pytest.mark.parametrize("body", [{}, {"muscle": "VL", "side": "both", "score": 1}])
def test_reread_is_not_there_while_the_read_before_it_is_open(client, study, reader, read, name, methods, body):
    """Whose page shows the grades of the scan."""
    again = make_read(study=study, reader=reader, mri=read.mri, occasion=2, available_at=timezone.now())
    client.force_login(reader)

    for method in methods:
        path = reverse(name, args=[again.pk])
        assert getattr(client, method.lower())(path, body, content_type="application/json").status_code == 404
    Read.objects.filter(pk=read.pk).update(feature="fat", sequence="T1W")  # another question about the scan
    assert client.get(reverse("read", args=[again.pk])).status_code == 200
