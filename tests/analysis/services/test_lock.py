"""Locking a study: entry ends, the frame is frozen, and the final comparison comes from it ever after."""

from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from analysis.models import FrozenFrame
from analysis.services.lock import lock_study
from analysis.stats.frame.canonical import canonical_csv, data_version
from analysis.study_data.frame import study_frame
from analysis.web.views import lock as lock_view
from grading import services
from grading.csv.imports import ImportRefused, import_grades, import_participants
from grading.models import MRI, Grade, Participant, Study
from tests.builders import make_member, make_mri, make_participant, make_query, make_read, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked(filled, coordinator):
    """A locked study with one read that was still open."""
    make_read(study=filled, reader=filled.reads.first().reader, scores=[1])
    lock_study(study=filled, by=coordinator)
    return Study.objects.get(pk=filled.pk)


def test_frame_is_frozen_as_it_was(filled, coordinator):
    before = study_frame(filled)

    frozen = lock_study(study=filled, by=coordinator)

    assert frozen.csv == canonical_csv(before)
    assert frozen.sha256 == sha256(frozen.csv.encode()).hexdigest() == data_version(before)
    locked = Study.objects.get(pk=filled.pk)
    assert (locked.locked_by, locked.locked_at is not None) == (coordinator, True)
    assert data_version(study_frame(locked)) == frozen.sha256


def test_locking_again_changes_nothing(locked, coordinator):
    before = locked.locked_at

    lock_study(study=locked, by=make_member(locked, "coordinator").user)

    locked.refresh_from_db()
    assert (locked.locked_at, locked.locked_by) == (before, coordinator)


def test_study_without_a_signed_off_read_is_not_locked(study, coordinator):
    make_read(study=study)

    with pytest.raises(ValidationError, match="Nothing is signed off"):
        lock_study(study=study, by=coordinator)

    study.refresh_from_db()
    assert not study.is_locked


@pytest.mark.parametrize(
    "change",
    [
        lambda study: make_participant(study),
        lambda study: make_mri(study.participants.first()),
        lambda study: make_read(study=study, mri=study.mris.first()),
        lambda study: Participant.objects.filter(study=study).update(code="other"),
        lambda study: MRI.objects.filter(study=study).update(days_since_first_mri=1),
        lambda study: study.groups.update(colour="#000000"),
        lambda study: study.reads.open().delete(),
        lambda study: study.reads.open().update(status="draft", comment="too late"),
        lambda study: Grade.objects.create(read=study.reads.open().get(), muscle="VM", score=1),
        lambda study: study.reads.open().get().grades.update(score=3),
        lambda study: study.reads.open().get().grades.all().delete(),
        lambda study: Study.objects.filter(pk=study.pk).update(locked_at=None, locked_by=None),
        lambda study: Study.objects.filter(pk=study.pk).update(sides="apart"),
        lambda study: FrozenFrame.objects.filter(study=study).update(csv="other"),
        lambda study: FrozenFrame.objects.filter(study=study).delete(),
    ],
)
def test_database_takes_nothing_into_a_locked_study(locked, change):
    with (
        pytest.raises(DatabaseError, match=r"entry has ended|permission denied|sides can no longer change"),
        transaction.atomic(),
    ):
        change(locked)


def test_services_say_so_in_words(locked, coordinator):
    open_read, signed = locked.reads.open().get(), locked.reads.signed_off().first()

    for act in (
        lambda: services.assign_reads(study=locked, readers=[open_read.reader]),
        lambda: services.sign_off(open_read),
        lambda: services.reopen(read=signed, by=coordinator, reason="late"),
    ):
        with pytest.raises(ValidationError, match="The study is locked"):
            act()
    for take, columns in ((import_participants, "participant,group,mri\nP,DM,M\n"), (import_grades, GRADES)):
        with pytest.raises(ImportRefused, match="The study is locked"):
            take(study=locked, file=columns.encode())


GRADES = "participant,mri,reader,sequence,feature,muscle,score\nP,M,r,STIR,edema,VL,1\n"


class TestPage:
    def url(self, study):
        return reverse("lock-study", args=[study.slug])

    @pytest.mark.parametrize(("role", "status"), [("reader", 403), ("investigator", 403), (None, 404)])
    def test_is_for_coordinators(self, client, filled, role, status):
        client.force_login(make_member(filled, role).user if role else make_user())

        assert client.get(self.url(filled)).status_code == status
        assert client.post(self.url(filled), {"slug": filled.slug}).status_code == status
        assert not Study.objects.get(pk=filled.pk).is_locked

    def test_takes_no_other_method(self, client, filled, coordinator):
        client.force_login(coordinator)

        assert client.delete(self.url(filled)).status_code == 405

    def test_says_what_is_left_out(self, client, filled, coordinator):
        make_read(study=filled, reader=filled.reads.first().reader)
        client.force_login(coordinator)

        content = client.get(self.url(filled)).content.decode()

        assert "12 of 13 " in content
        assert "1 not begun" in content

    def test_says_before_it_is_tried_what_stands_in_the_way(self, client, filled, coordinator, monkeypatch):
        monkeypatch.setattr(lock_view, "LISTED", 1)
        for read in filled.reads.signed_off()[:3]:
            make_query(read, by=coordinator)
        client.force_login(coordinator)

        page = client.get(reverse("lock-study", args=[filled.slug])).content.decode()

        assert "cannot be locked while a query is open" in page
        assert f'2 more are open: <a href="{reverse("queries", args=[filled.slug])}">' in page
        assert "before a read is signed off" not in page

    def test_says_that_nothing_is_signed_off(self, client, study, coordinator):
        client.force_login(coordinator)

        page = client.get(reverse("lock-study", args=[study.slug])).content.decode()

        assert "cannot be locked before a read is signed off" in page

    def test_needs_the_short_name(self, client, filled, coordinator):
        client.force_login(coordinator)

        response = client.post(self.url(filled), {"slug": "yes"})

        assert response.status_code == 422
        assert f"type {filled.slug}" in response.content.decode()
        assert not Study.objects.get(pk=filled.pk).is_locked

    def test_locks(self, client, filled, coordinator):
        client.force_login(coordinator)

        response = client.post(self.url(filled), {"slug": filled.slug}, follow=True)

        content = response.content.decode()
        assert "The study is locked" in content
        assert "Import participants" not in content
        assert Study.objects.get(pk=filled.pk).locked_by == coordinator

    def test_afterwards_imports_and_assignments_are_refused_in_place(self, client, locked, coordinator):
        client.force_login(coordinator)
        reader = locked.reads.first().reader

        for name in ("assign-reads", "assign-rereads"):
            form = {"readers": [reader.pk], "feature": "edema", "percent": 20, "wash_out_days": 1}
            response = client.post(reverse(name, args=[locked.slug]), form)

            assert response.status_code == 422
            assert "entry has ended" in response.content.decode()


class TestReader:
    """Of a locked study: nothing is lost or broken, and everything says why it stays as it is."""

    @pytest.fixture
    def open_read(self, locked, client):
        read = locked.reads.open().get()
        client.force_login(read.reader)
        return read

    def test_pages_say_that_entry_has_ended(self, client, locked, open_read):
        shown = client.get(reverse("read", args=[open_read.pk]))
        worklist = client.get(reverse("worklist", args=[locked.pk])).content.decode()

        assert shown.status_code == 200
        assert "entry has ended, and this case stays as it is" in shown.content.decode()
        assert '<fieldset class="frozen-or-not" disabled>' in shown.content.decode()
        assert "entry has ended" in worklist

    @pytest.mark.parametrize(
        ("name", "body"),
        [
            ("save-grade", {"muscle": "VM", "side": "both", "score": 2}),
            ("describe-read", {"feature": "fat", "sequence": "T1W"}),
        ],
    )
    def test_late_entries_are_refused_in_words(self, client, open_read, name, body):
        response = client.post(reverse(name, args=[open_read.pk]), body, content_type="application/json")

        assert response.status_code == 422
        assert "entry has ended" in response.json()["error"]

    def test_late_sign_off_is_refused_in_words(self, client, open_read):
        response = client.post(reverse("sign-off", args=[open_read.pk]))

        assert response.status_code == 422
        assert "entry has ended" in response.content.decode()
