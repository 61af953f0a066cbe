"""What pages and commands ask about and refuse of codes, usernames and titles."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from grading.models import Study
from tests.builders import make_member, make_user
from tests.grading.csv.csv_files import make_study_with_reader
from tests.uploads import bring, last_upload, say, take

pytestmark = pytest.mark.django_db

SIMILAR = b"participant,group,mri\nTM201,DM,M1\ntm201,DM,M1\n"
LOOK_ALIKE = "re\N{CYRILLIC SMALL LETTER A}der1"


@pytest.fixture
def study():
    return make_study_with_reader()


@pytest.fixture(autouse=True)
def _coordinator(study, client):
    client.force_login(make_member(study, "coordinator", make_user("carl")).user)


@pytest.fixture
def send(client, study):
    """Send a participants file, accept what a digest stands for, if one is given, and import the file."""

    def send(file: bytes, accepted: str = ""):
        shown = bring(client, study, "participants", file)
        if accepted:
            shown = say(client, last_upload(study), accepted=accepted)
        return take(client, last_upload(study)) if last_upload(study).outlook["fingerprint"] else shown

    return send


def digest_on(page: str) -> str:
    return page.split('name="accepted" value="')[1].split('"')[0]


def accounts() -> set[str]:
    return set(get_user_model().objects.values_list("username", flat=True))


# Files ----------------------------------------------------------------------------------------------------------------


def test_page_shows_what_is_similar_and_offers_to_import_it(study, send):
    page = send(SIMILAR).content.decode()

    assert "This is possible, but rarely meant." in page
    assert "&#x27;tm201&#x27; is easily taken for &#x27;TM201&#x27;, another participant on line 2." in page
    assert digest_on(page)
    assert study.participants.count() == 2


def test_file_is_imported_once_the_tick_is_set(study, send):
    digest = digest_on(send(SIMILAR).content.decode())

    send(SIMILAR, accepted=digest)

    assert study.participants.count() == 4


def test_tick_is_no_answer_to_what_was_not_shown(study, send):
    digest = digest_on(send(SIMILAR).content.decode())

    response = send(SIMILAR + b"TM202,DM,M1\nTM-202,DM,M1\n", accepted=digest)

    assert "rarely meant" in response.content.decode()
    assert study.participants.count() == 2


def test_tick_accepts_nothing_that_is_wrong(study, send):
    digest = digest_on(send(SIMILAR).content.decode())

    response = send(SIMILAR + b"TM203,XY,M1\n", accepted=digest)

    assert "&#x27;XY&#x27; is not a group of the study" in response.content.decode()
    assert study.participants.count() == 2


def test_nothing_is_offered_where_nothing_is_asked(client, study, send):
    wrong = send(b"participant,group,mri\nP9,XY,M1\n").content.decode()
    page = client.get(reverse("data", args=[study.slug])).content.decode()

    assert 'name="accepted"' not in wrong + page


def test_command_refuses_what_is_similar_unless_it_is_accepted(study, tmp_path, capsys):
    (file := tmp_path / "participants.csv").write_bytes(SIMILAR)
    command = ["import_participants", str(file), "--study", study.slug]

    with pytest.raises(CommandError, match="'tm201' is easily taken for 'TM201'") as refused:
        call_command(*command)
    call_command(*command, "--accept-similar")

    assert refused.value.returncode == 1
    assert study.participants.count() == 4


def test_command_shows_the_groups_of_a_new_study_with_counts(tmp_path, capsys):
    rows = "".join(f"P{number},{'DM' if number % 3 else 'IMNM'},M1\n" for number in range(9))
    (file := tmp_path / "participants.csv").write_text(f"participant,group,mri\n{rows}")

    call_command("import_participants", str(file), "--study", "new", "--create")

    assert "with the groups IMNM (reference, 3 participants), DM (6 participants)." in capsys.readouterr().out


@pytest.mark.parametrize("title", ["Thighs\u200b", "Thighs  2", "T" * 201])
def test_title_of_a_new_study_can_be_seen(tmp_path, title):
    (file := tmp_path / "participants.csv").write_bytes(SIMILAR)

    with pytest.raises(CommandError, match="The title h"):
        call_command("import_participants", str(file), "--study", "new", "--create", "--title", title)

    assert not Study.objects.filter(slug="new").exists()


# Usernames ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def invite(client, study):
    def invite(username: str, **data):
        return client.post(reverse("invite", args=[study.slug]), {"username": username, "role": "reader"} | data)

    return invite


@pytest.mark.parametrize(
    ("username", "expected"),
    [
        (LOOK_ALIKE, "looks like the account &#x27;reader1&#x27;: it is written with CYRILLIC SMALL LETTER A (U+0430)"),
        ("readerl", "looks like the account &#x27;reader1&#x27;"),
        ("Reader1", "That username is taken."),
        ("p\N{CYRILLIC SMALL LETTER A}ul", "mixes letters of Cyrillic and Latin, which look alike"),
        ("paul\u200bx", "holds ZERO WIDTH SPACE (U+200B, place 5); write paulx"),
    ],
)
def test_username_that_looks_like_another_is_refused(invite, username, expected):
    make_user("reader1")
    before = accounts()

    response = invite(username, accept_similar="on")

    assert response.status_code == 422
    assert expected in response.content.decode()
    assert accounts() == before


def test_username_that_is_easily_taken_for_another_is_asked_about(invite, client, study):
    make_user("reader1")

    asked = invite("reader-01")
    invited = invite("reader-01", accept_similar="on")

    assert asked.status_code == 422
    assert "&#x27;reader-01&#x27; is easily taken for the account &#x27;reader1&#x27;." in asked.content.decode()
    assert "They are two people" in asked.content.decode()
    assert invited.status_code == 200
    assert "reader-01" in accounts()
    assert "They are two people" not in client.get(reverse("members", args=[study.slug])).content.decode()


def test_add_member_refuses_and_asks_too(study):
    make_user("reader1")
    command = ["add_member", "--study", study.slug, "--role", "reader", "--create"]

    with pytest.raises(CommandError, match="looks like the account 'reader1'") as refused:
        call_command(*command, LOOK_ALIKE, "--accept-similar")
    with pytest.raises(CommandError, match="is easily taken for the account 'reader1'") as asked:
        call_command(*command, "reader01")
    call_command(*command, "reader01", "--accept-similar")

    assert (refused.value.returncode, asked.value.returncode) == (2, 1)
    assert LOOK_ALIKE not in accounts()
    assert "reader01" in accounts()


def test_accounts_of_before_can_still_be_given_a_role(study, client):
    make_user("reader1")
    make_user(LOOK_ALIKE)

    response = client.post(reverse("add-member", args=[study.slug]), {"username": LOOK_ALIKE, "role": "reader"})

    assert response.status_code == 302


@pytest.fixture
def admin(client):
    user = get_user_model().objects.create_superuser("root", password="correct-horse-battery")
    client.force_login(user)
    return client


def test_site_administration_refuses_usernames_that_look_alike(admin):
    make_user("reader1")
    other = make_user("paul")

    added = admin.post(reverse("admin:auth_user_add"), {"username": LOOK_ALIKE, "usable_password": "false"})
    renamed = admin.post(reverse("admin:auth_user_change", args=[other.pk]), {"username": LOOK_ALIKE})

    expected = "looks like the account &#x27;reader1&#x27;"
    assert [expected in response.content.decode() for response in (added, renamed)] == [True, True]
    assert LOOK_ALIKE not in accounts()


# Titles for readers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "I M N M",
        "I\N{CYRILLIC CAPITAL LETTER EM}N\N{CYRILLIC CAPITAL LETTER EM}",
        "Dermatomyositis vs necrotising",
        "Necrotizing myopathy vs dermatomyositis",
        "DMs",
        "Thighs\u200b",
    ],
)
def test_title_for_readers_that_names_a_group_is_refused(client, study, title):
    response = client.post(reverse("study-settings", args=[study.slug]), {"reader_title": title})

    study.refresh_from_db()
    assert response.status_code == 422
    assert study.reader_title == ""


@pytest.mark.parametrize("title", ["Thigh MRI, admission scans", "Myositis reading study", "Admiral"])
def test_other_titles_are_taken(client, study, title):
    assert client.post(reverse("study-settings", args=[study.slug]), {"reader_title": title}).status_code == 302

    study.refresh_from_db()
    assert study.reader_title == title


def test_every_form_of_a_study_refuses_it(study):
    study.reader_title = "Dermatomyositis"

    with pytest.raises(ValidationError, match="Readers would learn of the group DM"):
        study.full_clean()
