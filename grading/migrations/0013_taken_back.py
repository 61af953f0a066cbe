"""What can be taken back: assignments, people's access, a wrong invitation, a lock; each by the database's own rules."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from grading.trail.attaching import attach_trail

# The reason travels with the statement (thighsite/acting.py), and the trail keeps it. A trigger's argument names its rule.
REASONS = """
CREATE FUNCTION grading_reason_given() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(btrim(current_setting('thighsite.reason', true)), '') <> ''
$$;
CREATE FUNCTION grading_need_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT grading_reason_given() THEN
        RAISE EXCEPTION 'This is done with a reason, which the trail keeps.'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER member_suspended_with_a_reason BEFORE UPDATE OF suspended_at ON grading_member
    FOR EACH ROW WHEN (OLD.suspended_at IS DISTINCT FROM NEW.suspended_at)
    EXECUTE FUNCTION grading_need_reason('member_suspended_with_a_reason');
CREATE TRIGGER entry_deleted_with_a_reason BEFORE DELETE ON grading_entry
    FOR EACH ROW EXECUTE FUNCTION grading_need_reason('entry_deleted_with_a_reason');

-- Signed-off reads are kept whatever the reason: read_signed_off_is_kept.
CREATE FUNCTION grading_check_read_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT grading_reason_given() AND (
        OLD.status <> 'assigned' OR num_nonnulls(OLD.opened_at, OLD.first_entry_at, OLD.last_active_at) > 0
        OR EXISTS (SELECT FROM grading_entry WHERE read_id = OLD.id)
        OR EXISTS (SELECT FROM grading_grade WHERE read_id = OLD.id)
    ) THEN
        RAISE EXCEPTION 'The read was begun: it is deleted with a reason, which the trail keeps.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_begun_is_deleted_with_a_reason',
                  TABLE = 'grading_read';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER read_begun_is_deleted_with_a_reason BEFORE DELETE ON grading_read
    FOR EACH ROW WHEN (OLD.status <> 'signed_off') EXECUTE FUNCTION grading_check_read_deleted();
"""
NO_REASONS = """
DROP TRIGGER read_begun_is_deleted_with_a_reason ON grading_read;
DROP FUNCTION grading_check_read_deleted();
DROP TRIGGER entry_deleted_with_a_reason ON grading_entry;
DROP TRIGGER member_suspended_with_a_reason ON grading_member;
DROP FUNCTION grading_need_reason();
DROP FUNCTION grading_reason_given();
"""

# Somebody is unblinded from what they open, no longer from an invitation; who was noted before stays so. The member's
# row is locked: who becomes a reader at the same moment either waits, and is refused, or was one before, and is shown
# nothing. Without a study: a site admin, who is shown all of them.
UNBLINDED = """
DROP TRIGGER member_is_unblinded ON grading_member;
DROP FUNCTION grading_remember_unblinded();
CREATE PROCEDURE grading_note_unblinded(of_study uuid, person int, INOUT is_noted boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held text;
BEGIN
    SELECT role INTO held FROM grading_member
    WHERE study_id = of_study AND user_id = person AND suspended_at IS NULL FOR SHARE;
    IF coalesce(held, 'reader') = 'reader' THEN
        SELECT 'site admin' INTO held FROM auth_user WHERE id = person AND (is_staff OR is_superuser);
    END IF;
    is_noted := held IS NOT NULL;
    INSERT INTO grading_unblinded (study_id, user_id, role)
    SELECT id, person, held FROM grading_study
    WHERE is_noted AND (id = of_study OR of_study IS NULL)
          AND NOT EXISTS (SELECT FROM grading_unblinded WHERE study_id = grading_study.id AND user_id = person)
    ON CONFLICT DO NOTHING;
END $$;
"""
BY_INVITATION = """
DROP PROCEDURE grading_note_unblinded(uuid, int, boolean);
CREATE FUNCTION grading_remember_unblinded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO grading_unblinded (study_id, user_id, role) VALUES (NEW.study_id, NEW.user_id, NEW.role)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER member_is_unblinded AFTER INSERT OR UPDATE OF study_id, user_id, role ON grading_member
    FOR EACH ROW WHEN (NEW.role <> 'reader') EXECUTE FUNCTION grading_remember_unblinded();
INSERT INTO grading_unblinded (study_id, user_id, role)
    SELECT study_id, user_id, role FROM grading_member WHERE role <> 'reader'
    ON CONFLICT DO NOTHING;
"""

# Who asks and who confirms is who acts, so that nobody's name is put to it but by forging who acts.
UNLOCKED = """
CREATE FUNCTION grading_is_site_admin(person int) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM auth_user WHERE id = person AND is_active AND (is_staff OR is_superuser))
$$;
CREATE FUNCTION grading_sees_groups(of_study uuid, person int) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM grading_member WHERE study_id = of_study AND user_id = person AND role <> 'reader'
                                                    AND suspended_at IS NULL)
$$;
CREATE FUNCTION grading_check_unlock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acting int := nullif(current_setting('thighsite.actor', true), '');
    asked int := NEW.asked_by_id;
    confirmed int := NEW.confirmed_by_id;
    is_right boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        is_right := confirmed IS NULL AND asked = acting
            AND (grading_is_site_admin(asked) OR grading_sees_groups(NEW.study_id, asked))
            AND EXISTS (SELECT FROM grading_study WHERE id = NEW.study_id AND locked_at = NEW.locked_at);
    ELSE
        is_right := OLD.confirmed_by_id IS NULL AND confirmed = acting AND confirmed <> asked
            AND (OLD.id, OLD.study_id, OLD.locked_at, OLD.reason, OLD.asked_at, OLD.asked_by_id)
                = (NEW.id, NEW.study_id, NEW.locked_at, NEW.reason, NEW.asked_at, NEW.asked_by_id)
            AND (grading_is_site_admin(asked) AND grading_sees_groups(NEW.study_id, confirmed)
                 OR grading_is_site_admin(confirmed) AND grading_sees_groups(NEW.study_id, asked));
    END IF;
    IF is_right IS NOT TRUE THEN
        RAISE EXCEPTION 'A site admin and a coordinator or investigator of the study unlock it: one asks, the other '
                        'confirms, and what they did is kept.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unlock_by_two_people', TABLE = 'grading_unlock';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER unlock_by_two_people BEFORE INSERT OR UPDATE ON grading_unlock
    FOR EACH ROW EXECUTE FUNCTION grading_check_unlock();

CREATE FUNCTION grading_keep_unlock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Who unlocked a study, or asked for it, is kept.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'unlock_is_kept', TABLE = 'grading_unlock';
END $$;
CREATE TRIGGER unlock_is_kept BEFORE DELETE ON grading_unlock
    FOR EACH ROW EXECUTE FUNCTION grading_keep_unlock();

-- A lock goes as a whole, once and by its record; and each is another than those that went before.
CREATE FUNCTION grading_check_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.locked_at IS NULL THEN
        IF EXISTS (SELECT FROM grading_unlock WHERE study_id = OLD.id AND locked_at >= NEW.locked_at) THEN
            RAISE EXCEPTION 'A lock that was taken back does not come back: the study is locked anew.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'study_is_locked_anew', TABLE = 'grading_study';
        END IF;
    ELSIF num_nonnulls(NEW.locked_at, NEW.locked_by_id) > 0 OR NEW.sides <> OLD.sides
          OR NOT grading_reason_given()
          OR NOT EXISTS (SELECT FROM grading_unlock WHERE study_id = OLD.id AND locked_at = OLD.locked_at
                                                          AND confirmed_by_id <> asked_by_id) THEN
        RAISE EXCEPTION 'The study is locked: entry has ended.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'study_is_not_locked', TABLE = 'grading_study';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER study_stays_locked ON grading_study;
CREATE TRIGGER study_stays_locked BEFORE UPDATE OF locked_at, locked_by_id, sides ON grading_study
    FOR EACH ROW WHEN ((OLD.locked_at IS NOT NULL AND (OLD.locked_at, OLD.locked_by_id, OLD.sides)
                        IS DISTINCT FROM (NEW.locked_at, NEW.locked_by_id, NEW.sides))
                       OR (OLD.locked_at IS NULL AND NEW.locked_at IS NOT NULL))
    EXECUTE FUNCTION grading_check_lock();
"""
NOT_UNLOCKED = """
DROP TRIGGER study_stays_locked ON grading_study;
CREATE TRIGGER study_stays_locked BEFORE UPDATE OF locked_at, locked_by_id, sides ON grading_study
    FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL AND (OLD.locked_at, OLD.locked_by_id, OLD.sides)
                       IS DISTINCT FROM (NEW.locked_at, NEW.locked_by_id, NEW.sides))
    EXECUTE FUNCTION grading_refuse_locked();
DROP FUNCTION grading_check_lock();
DROP TRIGGER unlock_is_kept ON grading_unlock;
DROP FUNCTION grading_keep_unlock();
DROP TRIGGER unlock_by_two_people ON grading_unlock;
DROP FUNCTION grading_check_unlock();
DROP FUNCTION grading_sees_groups(uuid, int);
DROP FUNCTION grading_is_site_admin(int);
"""

# What reads were assigned for, as the trail tells; of reads from before there was a trail, what they are graded for.
FILLED = """
ALTER TABLE grading_read DISABLE TRIGGER read_signed_off_is_frozen;
UPDATE grading_read AS own SET assigned_for = coalesce(
    (SELECT after->>'feature' FROM grading_trail
     WHERE read_id = own.id AND table_name = 'grading_read' AND operation = 'insert' ORDER BY id LIMIT 1), feature)
WHERE imported_at IS NULL;
ALTER TABLE grading_read ENABLE TRIGGER read_signed_off_is_frozen;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0011_codes_and_first_mris'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Unlock',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('locked_at', models.DateTimeField(help_text="Which of the study's locks it takes back.")),
                ('reason', models.CharField(max_length=500)),
                ('asked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unlocks', to='grading.study')),
            ],
            options={
                'ordering': ('asked_at',),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='unlock_has_a_reason'),
                    models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='unlock_confirmation_is_whole'),
                    models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='unlock_is_of_two_people'),
                    models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('study', 'locked_at'), name='unlock_of_a_lock_once'),
                ],
            },
        ),
        migrations.AddField(
            model_name='member',
            name='suspended_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='Since when the member has no access to the study.', null=True),
        ),
        migrations.AddField(
            model_name='read',
            name='assigned_for',
            field=models.CharField(blank=True, db_default='', default='', editable=False, help_text='The feature that it was assigned for, which its reader may have changed. Empty where a file brought the read in.', max_length=5),
        ),
        migrations.AlterField(
            model_name='read',
            name='assigned_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AlterField(
            model_name='study',
            name='locked_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When entry ended.', null=True),
        ),
        migrations.AddConstraint(
            model_name='read',
            constraint=models.CheckConstraint(condition=models.Q(('assigned_for__in', ['', 'edema', 'fat'])), name='read_assigned_for'),
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        attach_trail("grading_unlock"),
        migrations.RunSQL(REASONS, NO_REASONS),
        migrations.RunSQL(UNBLINDED, BY_INVITATION),
        migrations.RunSQL(UNLOCKED, NOT_UNLOCKED),
    ]
