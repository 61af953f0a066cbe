"""The coordinator's page: participants and grades in, reads to readers, data out."""

from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.csv.exports import export_codebook, export_grades, export_participants
from grading.csv.imports import import_grades
from grading.formats.catalogue import FORMATS
from grading.models import Grade, Read, Study
from tests.builders import make_member, make_read, make_signed_off_read, make_study, make_unblinded, make_user
from tests.grading.assigning import confirmed
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader
from tests.uploads import accept, bring, last_upload, take

pytestmark = pytest.mark.django_db

PAGES = [("data", "GET"), ("export-grades", "GET"), ("export-participants", "GET"), ("export-codebook", "GET")]
PAGES += [("export-in-format", "GET")]
ACTIONS = [("import-participants", "POST"), ("import-grades", "POST"), ("assign-reads", "POST")]
ROUTES = PAGES + ACTIONS


@pytest.fixture
def study():
    return make_study_with_reader()


@pytest.fixture
def url(study):
    return lambda name: reverse(name, args=[study.slug])


@pytest.fixture
def coordinator(study, client):
    """The coordinator, signed in."""
    user = make_unblinded(make_member(study, "coordinator", make_user("carl"))).user
    client.force_login(user)
    return user


def text_of(response) -> str:
    return b"".join(response.streaming_content).decode()


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "method"), ROUTES)
def test_anonymous_is_sent_to_sign_in(client, url, name, method):
    response = client.generic(method, url(name))

    then = url(name) if method == "GET" else "/"  # a POST cannot be asked for again
    assert (response.status_code, response.url) == (302, f"{reverse('login')}?next={then}")


@pytest.mark.parametrize(("name", "method"), ROUTES)
@pytest.mark.parametrize("study_of_user", [None, "another"])
def test_stranger_gets_404_whatever_the_method(client, url, name, method, study_of_user):
    user = make_member(make_study(), "coordinator").user if study_of_user else make_user()
    client.force_login(user)

    assert client.generic(method, url(name)).status_code == 404
    assert client.delete(url(name)).status_code == 404


@pytest.mark.parametrize(("name", "method"), ROUTES)
@pytest.mark.parametrize("role", ["reader", "investigator"])
def test_other_roles_are_refused(client, study, url, name, method, role):
    client.force_login(make_member(study, role).user)

    assert client.generic(method, url(name)).status_code == 403


@pytest.mark.parametrize(("name", "method"), ROUTES)
@pytest.mark.usefixtures("coordinator")
def test_other_methods_are_refused(client, url, name, method):
    for other in {"GET", "POST", "PUT", "DELETE"} - {method}:
        assert client.generic(other, url(name)).status_code == 405


# The page -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("coordinator")
def test_page_shows_progress_and_members(client, study, url):
    import_grades(study=study, file=as_csv([*complete_read(), grade(occasion="2", status="draft")]))
    anna = study.members.get(user__username="anna").user
    services.assign_reads(study=study, readers=[anna])
    make_member(other := make_study(), "reader", anna)
    make_read(study=other, reader=anna)  # of another study, so it does not count

    response = client.get(url("data"))

    (progress,) = response.context["progress"]
    assert (progress.username, progress.assigned, progress.draft, progress.signed_off) == ("anna", 1, 1, 1)
    assert [member.user.username for member in response.context["members"]] == ["carl", "anna"]
    assert "carl" in response.content.decode()


@pytest.mark.usefixtures("coordinator")
def test_page_without_readers_says_so(client, study, url):
    study.members.filter(role="reader").delete()

    assert "This study has no readers yet." in client.get(url("data")).content.decode()


@pytest.mark.usefixtures("coordinator")
def test_page_takes_no_more_queries_for_more_readers_and_reads(client, study, url):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url("data")).status_code == 200
        return len(captured)

    few = queries()
    rows = [grade(reader=f"reader{number}", occasion=occasion) for number in range(9) for occasion in "123"]
    import_grades(study=study, file=as_csv(rows), create_readers=True)

    assert queries() == few


# In -------------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("coordinator")
def test_grades_are_imported_and_remarked_on(client, study):
    shown = bring(client, study, "grades", as_csv(complete_read(sequence="T1W")))
    response = take(client, last_upload(study))

    assert "Please check: 1 read with an unusual pairing of feature and sequence" in shown.content.decode()
    assert "Imported into thighs: 1 read, 11 grades." in response.content.decode()
    assert Grade.objects.count() == 11


@pytest.mark.parametrize(
    ("what", "file"), [("participants", b"participant,group,mri\nP3,DM,M1\n"), ("grades", as_csv(complete_read()))]
)
@pytest.mark.usefixtures("coordinator")
def test_looking_changes_nothing(client, study, what, file):
    response = bring(client, study, what, file)

    assert "Would import into thighs: 1 " in response.content.decode()
    assert study.participants.count() == 2
    assert not Read.objects.exists()


@pytest.mark.usefixtures("coordinator")
def test_refused_file_comes_back_with_every_problem(client, study):
    page = bring(client, study, "grades", as_csv([grade(score="4"), grade(muscle="<b>")])).content.decode()

    assert "Nothing can be imported like this. Correct the file and try again." in page
    assert "Line 2, column score: &#x27;4&#x27; is not 0, 1, 2 or 3." in page
    assert "Line 3, column muscle: &#x27;&lt;b&gt;&#x27; is not one of" in page
    assert not Grade.objects.exists()


@pytest.mark.usefixtures("coordinator")
def test_unknown_reader_is_asked_about_and_then_made_one_who_cannot_sign_in(client, study, url):
    make_user("dora")
    file = as_csv([*complete_read(reader="bert"), *complete_read(reader="dora", mri="M1", participant="P2")])

    page = unescape(bring(client, study, "grades", file).content.decode())

    assert "'bert' is not a reader of the study yet, and becomes one, as whom nobody can sign in until you" in page
    assert "'dora' is not a reader of the study yet, and becomes one, who has an account." in page
    assert not get_user_model().objects.filter(username="bert").exists()

    accept(client, last_upload(study))
    assert take(client, last_upload(study)).status_code == 200
    assert set(study.members.filter(role="reader").values_list("user__username", flat=True)) == {"anna", "bert", "dora"}
    assert not get_user_model().objects.get(username="bert").has_usable_password()
    assert 'New link<span class="visually-hidden"> for bert' in client.get(url("members")).content.decode()


@pytest.mark.usefixtures("coordinator")
def test_slip_in_the_name_of_a_reader_is_asked_about_as_one(client, study):
    response = bring(client, study, "grades", as_csv(complete_read(reader="annna")))

    assert "Did you mean anna?" in response.content.decode()


@pytest.mark.parametrize(
    ("what", "file", "remedy"),
    [
        ("grades", as_csv([grade(score="4")]), "Correct the file and try again."),
        ("participants", b"participant,group,mri\n,DM,M1\n", "Correct the file and try again."),
        ("grades", as_csv([grade(participant="P9")]), "in the file or in the study"),
        ("grades", as_csv([grade(reader="carl")]), "in the file or in the study"),
        ("participants", b"participant,group,mri\nP1,DM,M1\n", "in the file or in the study"),
        ("participants", b"participant,group,mri\nP5,PM,M1\n", "in the file or in the study"),
    ],
)
@pytest.mark.usefixtures("coordinator")
def test_file_is_to_be_corrected_only_where_it_is_wrong(client, study, what, file, remedy):
    page = bring(client, study, what, file).content.decode()

    assert remedy in page
    assert ("Correct the file" in page) == remedy.startswith("Correct the file")


@pytest.mark.usefixtures("coordinator")
def test_right_file_is_not_to_be_corrected_where_the_study_is_locked(client, study, coordinator):
    Study.objects.filter(pk=study.pk).update(locked_at=timezone.now(), locked_by=coordinator)

    page = bring(client, study, "participants", b"participant,group,mri\nP3,DM,M1\n").content.decode()

    assert "The study is locked: entry has ended." in page
    assert "try again" not in page


@pytest.mark.parametrize("what", ["participants", "grades"])
@pytest.mark.usefixtures("coordinator")
def test_missing_and_empty_files_are_explained(client, study, url, what):
    missing = client.post(url(f"import-{what}"))
    empty = bring(client, study, what, b"")

    assert missing.status_code == 422
    assert "Choose a CSV or XLSX file of at most 64 MB." in missing.content.decode()
    assert "The file is empty." in empty.content.decode()


@pytest.mark.usefixtures("coordinator")
def test_file_larger_than_the_site_takes_is_explained(client, study, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20

    response = bring(client, study, "grades", b"x" * (2**20 + 1))

    assert response.status_code == 422
    assert "Choose a CSV or XLSX file of at most 1 MB." in response.content.decode()


# Reads to readers -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("coordinator")
def test_reads_are_assigned_to_chosen_readers(client, study, url):
    anna = study.members.get(user__username="anna").user
    make_member(study, "reader", make_user("bert"))

    response = confirmed(client, url("assign-reads"), {"readers": [anna.pk], "feature": "fat"})

    assert "New reads: anna 2." in response.content.decode()
    assert set(Read.objects.values_list("reader__username", "feature")) == {("anna", "fat")}


@pytest.mark.usefixtures("coordinator")
def test_reads_go_to_readers_of_the_study_only(client, url, coordinator):
    none = client.post(url("assign-reads"), {"feature": "edema"})
    wrong = client.post(url("assign-reads"), {"feature": "edema", "readers": [coordinator.pk]})
    nonsense = client.post(url("assign-reads"), {"feature": "bone", "readers": ["x"]})

    assert [response.status_code for response in (none, wrong, nonsense)] == [422, 422, 422]
    assert "Choose at least one reader." in none.content.decode()
    assert not Read.objects.exists()


# Out ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["long", "wide"])
@pytest.mark.usefixtures("coordinator")
def test_grades_are_downloaded(client, study, url, layout):
    import_grades(study=study, file=as_csv([grade(), grade(occasion="2", status="draft")]))

    everything = client.get(url("export-grades"), {"layout": layout})
    signed_off = client.get(url("export-grades"), {"layout": layout, "signed_off": "1"})

    assert everything.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert everything.headers["Content-Disposition"].startswith(f'attachment; filename="thighs.grades.{layout}.')
    assert text_of(everything) == "".join(export_grades(study, layout=layout))
    assert text_of(signed_off) == "".join(export_grades(study, layout=layout, signed_off_only=True))


@pytest.mark.usefixtures("coordinator")
def test_unknown_layout_is_impossible_content(client, url):
    assert client.get(url("export-grades"), {"layout": "tall"}).status_code == 422


@pytest.mark.usefixtures("coordinator")
def test_page_offers_each_format_and_no_other_is_given(client, study, url):
    make_signed_off_read(study=study)
    page = unescape(client.get(url("data")).content.decode())

    for name, format in FORMATS.items():
        response = client.get(url("export-in-format"), {"format": name})
        assert b"".join(response.streaming_content)
        assert response.headers["Content-Disposition"].startswith(f'attachment; filename="thighs.{format.name}.')
        assert f"{url('export-in-format')}?format={name}" in page
    assert client.get(url("export-in-format"), {"format": "xls"}).status_code == 422


@pytest.mark.usefixtures("coordinator")
def test_participants_and_codebook_are_downloaded(client, study, url):
    assert text_of(client.get(url("export-participants"))) == "".join(export_participants(study))
    assert text_of(client.get(url("export-codebook"))) == "".join(export_codebook(study, study.seals.get()))


@pytest.mark.usefixtures("coordinator")
@pytest.mark.parametrize("address", ["export-grades", "export-participants", "export-codebook"])
def test_file_for_excel_begins_with_a_mark_and_is_otherwise_to_the_byte_what_it_was(client, url, address):
    plain, for_excel = (b"".join(client.get(url(address), query)) for query in ({}, {"excel": "1"}))

    assert for_excel == b"\xef\xbb\xbf" + plain
    assert f"{url(address)}?" in client.get(url("data")).content.decode()
