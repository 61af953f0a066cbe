"""Seals: each covers what was committed when it was made, nobody waits for it, and a copy of it proves what was."""

import csv
import io
from hashlib import sha256
from importlib import import_module
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.urls import reverse
from psycopg.errors import InsufficientPrivilege

from analysis.services.lock import lock_study
from grading.models import Seal, TrailRecord
from grading.services.sealing import seal_trail
from tests.builders import enter_grade, make_member, make_participant, make_read, make_signed_off_read, make_study
from tests.grading.integrity.connections import session
from tests.grading.integrity.worked_study import faults, verified
from tests.ownership import rules_off

pytestmark = pytest.mark.django_db(transaction=True)

SLOW = 60  # seconds: a machine may be busy; what waits for a lock would wait for good


COUNTED_HIGHER = f"""
UPDATE grading_trail SET transaction = transaction + 1000000;
{import_module("grading.migrations._0015_chain").FILLED}
UPDATE grading_seal AS seal SET transaction = transaction + 1000000, horizon = horizon + 1000000, snapshot =
    concat_ws(':', pg_snapshot_xmin(snapshot::pg_snapshot)::text::bigint + 1000000,
              pg_snapshot_xmax(snapshot::pg_snapshot)::text::bigint + 1000000, '');
UPDATE grading_seal AS seal SET hash = grading_seal_hash(seal, (
    SELECT encode(sha256(convert_to(string_agg(hash, '' ORDER BY id), 'UTF8')), 'hex') FROM grading_trail
    WHERE study_id = seal.study_id AND id <= seal.last_record))
"""


def in_thread(act) -> Thread:
    def run():
        try:
            act()
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_seal_covers_each_record_once(study):
    first = seal_trail(study)
    make_participant(study)
    second = seal_trail(study)

    assert (first.number, second.number, second.previous) == (1, 2, first.hash)
    assert (second.records, second.last_record) == (1, TrailRecord.objects.latest("id").pk)
    assert first.records + second.records == TrailRecord.objects.filter(study=study).count()
    assert f"Newest seal: {second}" in verified(study)


def test_where_nothing_has_changed_the_newest_seal_stays(study):
    assert seal_trail(study) == seal_trail(study)


def test_anybody_can_compute_the_hash_of_a_record_from_the_one_before(study):
    """As docs/decisions/0014 gives the text. jsonb writes it, so PostgreSQL is asked for before and after alone."""
    participant = make_participant(study, code="Ä😀")
    (record,) = TrailRecord.objects.filter(key=participant.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT after::text FROM grading_trail WHERE id = %s", [record.pk])
        (after,) = cursor.fetchone()

    text = (
        f'["thighsite record 2", "", {record.pk}, "{record.at:%Y-%m-%dT%H:%M:%S.%fZ}", {record.transaction}, '
        f'"{study.pk}", null, "grading_participant", "{participant.pk}", "insert", null, true, "", "site", '
        f'"{record.role}", null, {after}, 0]'
    )

    assert sha256(text.encode()).hexdigest() == record.hash


def test_sealing_waits_for_no_save_and_no_save_for_it():
    """A save is open while the study is sealed; it ends afterwards, and the next seal covers it."""
    read, other = make_read(), make_read()
    study = read.study
    enter_grade(read=read, muscle="VL", side="both", score=1)
    with session() as saving:
        saving.execute("UPDATE grading_read SET comment = 'open' WHERE id = %s", [read.pk])
        make_participant(study)  # a later record, committed at once
        first = seal_trail(study)
        seal_trail(other.study)
        saving.commit()
    late = TrailRecord.objects.get(read=read, after__comment="open")
    second = seal_trail(study)

    assert late.pk < first.last_record
    assert (second.number, second.records) == (2, 1)
    assert "site" in faults(study)  # whoever saved was not the site
    assert "seal" not in faults(study)


def test_last_seal_is_missed_before_anything_comes_after_it(study):
    seal_trail(study)
    make_participant(study)
    seal_trail(study)

    with rules_off(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM grading_seal WHERE number = 2")

    assert "seal 2: gone, or another than the newest that was made" in faults(study)


def test_only_seal_is_missed(study):
    seal_trail(study)

    with rules_off(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM grading_seal")

    assert "seal 1: gone, or another than the newest that was made" in faults(study)


def test_save_that_was_open_at_two_seals_is_covered_by_the_third(study):
    read = make_read(study=study)
    with session() as saving:
        saving.execute("UPDATE grading_read SET comment = 'open' WHERE id = %s", [read.pk])
        for _ in range(3):
            make_participant(study)
            seal_trail(study)
        saving.commit()
    third, fourth = seal_trail(study), seal_trail(study)

    assert (third.number, third.records, fourth) == (4, 1, third)
    assert "seal" not in faults(study)


def test_seal_is_made_while_a_save_is_open_without_waiting(study):
    read = make_read(study=study)
    with session() as saving:
        saving.execute("UPDATE grading_read SET comment = 'open' WHERE id = %s", [read.pk])
        sealing = in_thread(lambda: seal_trail(study))
        sealing.join(SLOW)
        assert not sealing.is_alive()


def test_readers_of_one_study_save_at_a_time_while_it_is_sealed(study):
    """Neither the chain nor a seal makes one reader wait for another."""
    one, other = make_read(study=study), make_read(study=study)
    with transaction.atomic():
        enter_grade(read=one, muscle="VL", side="both", score=1)
        seal_trail(study)
        saving = in_thread(lambda: enter_grade(read=other, muscle="VL", side="both", score=2))
        saving.join(SLOW)
        assert not saving.is_alive()

    seal_trail(study)
    assert faults(study) == ""
    assert TrailRecord.objects.filter(table="grading_grade", study=study).count() == 2


def test_two_sessions_that_add_to_one_chain_at_a_time_leave_no_gap(study):
    read, coordinator = make_read(study=study), make_member(study, "coordinator").user.pk
    with session() as one, session() as other:
        one.execute("UPDATE grading_entry SET score = 0 WHERE read_id = %s", [read.pk])
        add = "INSERT INTO grading_reopening VALUES (gen_random_uuid(), now(), 'x', %s, '[]', %s, %s)"
        one.execute(add, ["2020-01-01Z", read.pk, coordinator])
        other.execute(add, ["2021-01-01Z", read.pk, coordinator])
        one.commit()
        other.commit()

    assert len(set(TrailRecord.objects.filter(table="grading_reopening").values_list("previous"))) == 1
    assert "missing" not in faults(study)


def test_seals_hold_in_a_database_where_transactions_are_counted_anew(study):
    """As after a restore: records of before have numbers that no transaction has reached."""
    make_participant(study)
    seal_trail(study)
    make_participant(study)
    with rules_off(), connection.cursor() as cursor:
        cursor.execute(COUNTED_HIGHER)
    make_participant(study)
    restored = seal_trail(study)
    make_participant(study)
    after = seal_trail(study)

    assert (restored.number, restored.records, after.number, after.records) == (2, 2, 3, 1)
    assert "it covers" not in faults(study)


def test_command_seals_one_study_or_all(study):
    other, out = make_study(), StringIO()

    call_command("seal", study.slug, stdout=out)
    call_command("seal", all=True, stdout=out)

    one, again, another = (Seal.objects.get(study=each) for each in (study, study, other))
    lines = sorted([f"{study.slug} {one}", f"{study.slug} {again}", f"{other.slug} {another}"])
    assert sorted(out.getvalue().splitlines()) == lines
    for wrong in ([], [study.slug, "--all"], ["nowhere"]):
        with pytest.raises(CommandError) as refused:
            call_command("seal", *wrong)
        assert refused.value.returncode == 2


def test_lock_seals_the_trail():
    read = make_signed_off_read()
    lock_study(study=read.study, by=make_member(read.study, "coordinator").user)

    assert (
        Seal.objects.get(study=read.study).last_record == TrailRecord.objects.filter(study=read.study).latest("id").pk
    )
    assert "All 1 signatures" in verified(read.study)


@pytest.mark.parametrize("name", ["export-grades", "export-participants", "export-codebook", "export-trail"])
def test_each_export_bears_the_newest_seal(client, name):
    read = make_signed_off_read()
    client.force_login(make_member(read.study, "coordinator").user)

    response = client.get(reverse(name, args=[read.study.slug]))
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))

    seal = Seal.objects.get(study=read.study)
    assert response["X-Trail-Seal"] == f"1-{seal.hash}"
    assert f".seal-1-{seal.hash[:16]}.csv" in response["Content-Disposition"]
    if name == "export-codebook":
        assert (rows[-1]["table"], rows[-1]["allowed"]) == ("seal", str(seal))
    if name == "export-trail":
        hashes = TrailRecord.objects.filter(study=read.study).values_list("hash", flat=True)
        assert {row["hash"] for row in rows} == set(hashes)
        assert {row["vouched"] for row in rows} == {"true"}


def test_grades_are_the_same_to_the_byte_whatever_the_seal():
    read = make_signed_off_read()
    said = [StringIO(), StringIO()]
    for out in said:
        call_command("export_grades", study=read.study.slug, stdout=out)
        make_member(read.study)

    assert said[0].getvalue() == said[1].getvalue()
    assert Seal.objects.filter(study=read.study).count() == 2


def test_coordinators_page_shows_the_newest_seal(client, study, coordinator):
    client.force_login(coordinator)
    seal = seal_trail(study)

    assert str(seal) in client.get(reverse("data", args=[study.slug])).content.decode()


@pytest.mark.parametrize("written", [
    str, lambda seal: seal.hash, lambda seal: seal.short, lambda seal: f" {seal}\n", lambda seal: f"seal-{seal.short}",
    lambda seal: f"demo-grades.seal-{seal.short}.csv", lambda seal: f".seal-{seal.short}", lambda seal: f"SEAL-{seal}",
])  # fmt: skip
def test_seal_that_was_written_down_is_found(study, written):
    first = seal_trail(study)
    make_participant(study)
    seal_trail(study)

    assert "is in the chain" in verified(study, seal=written(first))


@pytest.mark.parametrize("written", ["1", "1-", "1-abc", "0" * 64, "2-{hash}", "1-{short}", "-{hash}", "x-{hash}", "%",
                                     "seal-2-{short}", "unseal-1-{hash}"])  # fmt: skip
def test_seal_that_is_none_is_told(study, written):
    seal = seal_trail(study)

    told = faults(study, seal=written.format(hash=seal.hash, short=seal.hash[:15]))

    assert "it is not among the seals" in told


@pytest.mark.parametrize("written", ["", " ", "\n"])
def test_seal_that_is_empty_is_an_error_of_whoever_asks(study, written):
    seal_trail(study)

    with pytest.raises(CommandError, match="--seal needs a seal") as refused:
        verified(study, seal=written)

    assert refused.value.returncode == 2


def test_seal_of_a_study_that_has_none_is_told(study):
    assert f"it is not among the seals of {study.slug}, which has none yet" in faults(study, seal="1-" + "0" * 64)


AGAINST = [
    "UPDATE grading_seal SET records = 0",
    "DELETE FROM grading_seal",
    "TRUNCATE grading_seal",
    "INSERT INTO grading_seal SELECT * FROM grading_seal",
]


@pytest.mark.parametrize("statement", AGAINST)
def test_application_adds_no_seal_but_by_the_function_and_changes_none(study, statement):
    seal_trail(study)

    with session() as site, pytest.raises(InsufficientPrivilege, match=r"permission denied|only added"):
        site.execute(statement)


@pytest.mark.parametrize("statement", AGAINST[:3])
def test_owner_changes_no_seal_either(study, statement):
    seal_trail(study)

    with session(as_owner=True) as owner, pytest.raises(InsufficientPrivilege, match="only added to"):
        owner.execute(statement)
