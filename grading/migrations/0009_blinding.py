"""A title for readers; and PostgreSQL remembers who may have seen the groups, and lets none of them become a reader.

The rule looks after the row is there: then whoever waited for another's change of the same membership sees that change.
A site admin can see the groups of every study, so is no reader, and a reader becomes no site admin.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from grading.trail.attaching import attach_trail

REMEMBERED = """
CREATE FUNCTION grading_remember_unblinded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO grading_unblinded (study_id, user_id, role) VALUES (NEW.study_id, NEW.user_id, NEW.role)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER member_is_unblinded AFTER INSERT OR UPDATE OF study_id, user_id, role ON grading_member
    FOR EACH ROW WHEN (NEW.role <> 'reader') EXECUTE FUNCTION grading_remember_unblinded();

CREATE FUNCTION grading_keep_unblinded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Who may have seen the groups is remembered for good.'
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'unblinded_is_kept', TABLE = 'grading_unblinded';
END $$;
CREATE TRIGGER unblinded_is_kept BEFORE UPDATE OR DELETE ON grading_unblinded
    FOR EACH STATEMENT EXECUTE FUNCTION grading_keep_unblinded();

CREATE FUNCTION grading_check_blind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_unblinded WHERE study_id = NEW.study_id AND user_id = NEW.user_id) THEN
        RAISE EXCEPTION 'This person may have seen the groups of the study, and a reader must be blind to them.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_is_blind', TABLE = 'grading_member';
    END IF;
    IF EXISTS (SELECT FROM auth_user WHERE id = NEW.user_id AND (is_staff OR is_superuser)) THEN
        RAISE EXCEPTION 'A site admin can see the groups of every study, and a reader must be blind to them.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_is_no_site_admin', TABLE = 'grading_member';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reader_is_blind AFTER INSERT OR UPDATE OF study_id, user_id, role ON grading_member
    FOR EACH ROW WHEN (NEW.role = 'reader') EXECUTE FUNCTION grading_check_blind();

-- Compared in the function, for a trigger that names a column of Django's own table would stand in the way of Django's
-- migrations.
CREATE FUNCTION grading_check_no_reader() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.is_staff OR NEW.is_superuser) AND NOT (OLD.is_staff OR OLD.is_superuser)
       AND EXISTS (SELECT FROM grading_member WHERE user_id = NEW.id AND role = 'reader') THEN
        RAISE EXCEPTION 'A reader must be blind to the groups, which a site admin can see.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_is_no_site_admin', TABLE = 'auth_user';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER site_admin_is_no_reader AFTER UPDATE ON auth_user
    FOR EACH ROW EXECUTE FUNCTION grading_check_no_reader();
"""
NOT_REMEMBERED = """
DROP TRIGGER site_admin_is_no_reader ON auth_user;
DROP FUNCTION grading_check_no_reader();
DROP TRIGGER reader_is_blind ON grading_member;
DROP FUNCTION grading_check_blind();
DROP TRIGGER unblinded_is_kept ON grading_unblinded;
DROP FUNCTION grading_keep_unblinded();
DROP TRIGGER member_is_unblinded ON grading_member;
DROP FUNCTION grading_remember_unblinded();
"""

# Members of today, and those that the trail knows of: their role stood in a record of a membership.
FILLED = """
INSERT INTO grading_unblinded (study_id, user_id, role, at)
    SELECT study_id, user_id, role, now() FROM grading_member WHERE role <> 'reader'
    ON CONFLICT DO NOTHING;
INSERT INTO grading_unblinded (study_id, user_id, role, at)
    SELECT study_id, (row->>'user_id')::int, row->>'role', at
    FROM grading_trail, LATERAL (VALUES (before), (after)) AS version (row)
    WHERE table_name = 'grading_member' AND row ? 'user_id' AND row ? 'role' AND row->>'role' <> 'reader'
          AND study_id IS NOT NULL
    ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0007_signatures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='study',
            name='reader_title',
            field=models.CharField(blank=True, help_text='What readers see in place of the title. It must not name the groups. “Reading study” if empty.', max_length=200, verbose_name='title for readers'),
        ),
        migrations.CreateModel(
            name='Unblinded',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(help_text='The first role that showed the groups.', max_length=12)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('study', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='unblinded', to='grading.study')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'unblinded',
                'constraints': [models.UniqueConstraint(fields=('study', 'user'), name='unblinded_once')],
            },
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        attach_trail("grading_unblinded"),
        migrations.RunSQL(REMEMBERED, NOT_REMEMBERED),
    ]
