"""Coordinators ask readers about grades. What was asked, answered and closed only grows, and no study is locked over it.

Who asks is a coordinator, who answers is the read's reader: each under their own name.
"""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from grading.trail.attaching import attach_trail

RULES = """
CREATE FUNCTION grading_check_query() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM grading_refuse('query_is_kept', 'A query stays as it is.', TG_TABLE_NAME);
    END IF;
    PERFORM FROM grading_read AS own JOIN grading_mri AS mri ON mri.id = own.mri_id
        JOIN grading_participant AS participant ON participant.id = mri.participant_id
        WHERE own.id = NEW.read_id AND own.study_id = NEW.study_id AND own.handed_out
              AND own.signed_off_at = NEW.signed_off_at AND NOT participant.is_calibration
              AND participant.withdrawn_at IS NULL
        FOR SHARE OF own;
    IF NOT FOUND THEN
        PERFORM grading_refuse('query_of_a_signed_off_read', 'A query is about a read that its reader signed off here.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER query_is_kept BEFORE INSERT OR UPDATE OR DELETE ON grading_query
    FOR EACH ROW EXECUTE FUNCTION grading_check_query();
CREATE TRIGGER query_not_locked BEFORE INSERT ON grading_query
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();

-- The read's row is what answering, closing and asking again wait for one another at.
CREATE FUNCTION grading_check_query_note() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting int := nullif(current_setting('thighsite.actor', true), '');
    asked record;
    former text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM grading_refuse('query_note_is_kept', 'What was said of a query stays as it is.', TG_TABLE_NAME);
    END IF;
    SELECT own.id, own.rule, reader_id INTO asked FROM grading_query AS own
        JOIN grading_read AS about ON about.id = own.read_id
        WHERE own.id = NEW.query_id AND own.study_id = NEW.study_id FOR SHARE OF about;
    IF NOT FOUND THEN
        PERFORM grading_refuse('query_note_of_its_query', 'A note and its query are of one study.', TG_TABLE_NAME);
    END IF;
    SELECT kind INTO former FROM grading_querynote WHERE query_id = NEW.query_id ORDER BY number DESC LIMIT 1;
    IF NEW.number <> (SELECT count(*) + 1 FROM grading_querynote WHERE query_id = NEW.query_id)
       OR former IN ('closed', 'dismissed')
       OR former IS NULL AND NOT (NEW.kind = 'asked' OR NEW.kind = 'dismissed' AND asked.rule <> '')
       OR former IS NOT NULL AND NEW.kind = 'dismissed' THEN
        PERFORM grading_refuse('query_note_in_turn', 'A query is asked first, and ends when it is closed.',
                               TG_TABLE_NAME);
    END IF;
    IF acting <> NEW.by_id
       OR NEW.kind = 'answered' AND NEW.by_id <> asked.reader_id
       OR NEW.kind <> 'answered' AND NOT EXISTS (
              SELECT FROM grading_member WHERE study_id = NEW.study_id AND user_id = NEW.by_id
                                               AND role = 'coordinator' AND suspended_at IS NULL) THEN
        PERFORM grading_refuse('query_note_by_whom_it_says',
                               'A coordinator asks and closes, the reader answers, and nobody for them.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER query_note_is_kept BEFORE INSERT OR UPDATE OR DELETE ON grading_querynote
    FOR EACH ROW EXECUTE FUNCTION grading_check_query_note();
CREATE TRIGGER query_note_not_locked BEFORE INSERT ON grading_querynote
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();

-- Who asks holds the study's row until the end of their transaction, as does who locks it.
CREATE FUNCTION grading_check_no_open_query() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_query AS own WHERE study_id = NEW.id AND NOT EXISTS (
                   SELECT FROM grading_querynote WHERE query_id = own.id AND kind IN ('closed', 'dismissed'))) THEN
        PERFORM grading_refuse('study_locked_without_open_queries', 'A query is open: the study cannot be locked.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER study_locked_without_open_queries BEFORE UPDATE OF locked_at ON grading_study
    FOR EACH ROW WHEN (OLD.locked_at IS NULL AND NEW.locked_at IS NOT NULL)
    EXECUTE FUNCTION grading_check_no_open_query();
"""
NO_RULES = """
DROP TRIGGER study_locked_without_open_queries ON grading_study;
DROP FUNCTION grading_check_no_open_query();
DROP TRIGGER query_note_not_locked ON grading_querynote;
DROP TRIGGER query_note_is_kept ON grading_querynote;
DROP FUNCTION grading_check_query_note();
DROP TRIGGER query_not_locked ON grading_query;
DROP TRIGGER query_is_kept ON grading_query;
DROP FUNCTION grading_check_query();
"""
FORGOTTEN = "DELETE FROM trail_column WHERE table_name IN ('grading_query', 'grading_querynote');"


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0037_charter'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Query',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('muscle', models.CharField(blank=True, help_text='Empty: the whole case.', max_length=4)),
                ('side', models.CharField(blank=True, max_length=5)),
                ('rule', models.CharField(blank=True, choices=[('fell', '3 at an earlier MRI, 0 at this one'), ('one_grade', 'one grade for the whole case'), ('edema_on_t1w', 'edema on T1W')], help_text='By which the site proposed it.', max_length=12)),
                ('signed_off_at', models.DateTimeField(help_text='Of the sign-off that it is about.')),
                ('read', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queries', to='grading.read')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queries', to='grading.study')),
            ],
            options={
                'verbose_name_plural': 'queries',
                'ordering': ('study', 'id'),
            },
        ),
        migrations.CreateModel(
            name='QueryNote',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(help_text='From 1, in their order.')),
                ('kind', models.CharField(choices=[('asked', 'asked'), ('answered', 'answered'), ('closed', 'closed'), ('dismissed', 'dismissed')], max_length=9)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('query', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='grading.query')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grading.study')),
            ],
            options={
                'verbose_name': 'note on a query',
                'verbose_name_plural': 'notes on queries',
                'ordering': ('query', 'number'),
            },
        ),
        migrations.AddConstraint(
            model_name='query',
            constraint=models.CheckConstraint(condition=models.Q(('muscle__in', ['', 'VL', 'VM', 'VI', 'RF', 'BFSH', 'BFLH', 'SM', 'ST', 'ADD', 'GR', 'SA'])), name='query_muscle'),
        ),
        migrations.AddConstraint(
            model_name='query',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('muscle', ''), ('side', '')), models.Q(models.Q(('muscle', ''), _negated=True), ('side__in', ['both', 'left', 'right'])), _connector='OR'), name='query_side'),
        ),
        migrations.AddConstraint(
            model_name='query',
            constraint=models.CheckConstraint(condition=models.Q(('rule__in', ['', 'fell', 'one_grade', 'edema_on_t1w'])), name='query_rule'),
        ),
        migrations.AddConstraint(
            model_name='query',
            constraint=models.UniqueConstraint(condition=models.Q(('rule', ''), _negated=True), fields=('read', 'signed_off_at', 'rule', 'muscle', 'side'), name='query_of_a_rule_once'),
        ),
        migrations.AddConstraint(
            model_name='querynote',
            constraint=models.UniqueConstraint(fields=('query', 'number'), name='query_note_number_once'),
        ),
        migrations.AddConstraint(
            model_name='querynote',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='query_note_number_from_1'),
        ),
        migrations.AddConstraint(
            model_name='querynote',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['asked', 'answered', 'closed', 'dismissed'])), name='query_note_kind'),
        ),
        migrations.AddConstraint(
            model_name='querynote',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'closed'), models.Q(('text', ''), _negated=True), _connector='OR'), name='query_note_has_a_text'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGOTTEN),
        attach_trail("grading_query"),
        attach_trail("grading_querynote"),
        migrations.RunSQL(RULES, NO_RULES),
    ]
