"""The trail, and what it watches. Later migrations put their tables under it with grading.trail.attaching.

Triggers look at whole statements, as the rules of 0002 do: an import of many grades writes its records at once.
They run with the rights of the owner, for the application's role may only read the trail.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from grading.trail.attaching import attach_trail


def _written(name: str, operation: str, rows: str) -> str:
    """A trigger's function. ``rows``: study, read, key, before and after of each record that it makes.

    Its arguments: the column with the row's key, columns left out, columns hidden.
    """
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    key_column text := TG_ARGV[0];
    left_out text[] := TG_ARGV[1]::text[] || ARRAY[key_column, 'study_id', 'read_id'];
    hidden text[] := TG_ARGV[2];
    acting int := nullif(current_setting('thighsite.actor', true), '');
    because text := coalesce(current_setting('thighsite.reason', true), '');
    program text := current_setting('application_name');
BEGIN
    INSERT INTO grading_trail (at, study_id, read_id, table_name, key, operation, actor_id, reason, source, db_role,
                               before, after)
    SELECT clock_timestamp(), study, read, TG_TABLE_NAME, key, '{operation}', acting, because, program, session_user,
           before, after
    FROM ({rows}) AS record (study, read, key, before, after);
    RETURN NULL;
END $$;
"""


def _of_any_table(rows: str) -> str:
    """Records of whole rows as JSON, with before and after. Key, study and read have columns of their own."""
    return f"""
        SELECT CASE WHEN TG_TABLE_NAME = 'grading_study' THEN (whole->>'id')::uuid
                    WHEN whole ? 'study_id' THEN (whole->>'study_id')::uuid
                    WHEN whole ? 'read_id' THEN
                        (SELECT study_id FROM grading_read WHERE id = (whole->>'read_id')::uuid)
               END,
               CASE WHEN TG_TABLE_NAME = 'grading_read' THEN (whole->>'id')::uuid ELSE (whole->>'read_id')::uuid END,
               whole->>key_column, before, after
        FROM ({rows}) AS changed (whole, before, after)"""


def _of_grades(cells: str) -> str:
    """One record for all grades of a read that a statement changed, so that an import makes one a read."""
    return f"""
        SELECT study_id, cell.read_id, cell.read_id, jsonb_object_agg(name, was) FILTER (WHERE was IS NOT NULL),
               jsonb_object_agg(name, became) FILTER (WHERE became IS NOT NULL)
        FROM ({cells}) AS cell (read_id, name, was, became) JOIN grading_read ON grading_read.id = cell.read_id
        GROUP BY study_id, cell.read_id"""


def _cell(row: str) -> str:
    return f"CASE {row}.side WHEN 'both' THEN {row}.muscle ELSE {row}.muscle || ' ' || {row}.side END"


def _grade(row: str) -> str:
    return f"""CASE WHEN {row}.not_assessable THEN '"not assessable"' ELSE to_jsonb({row}.score) END"""


WRITTEN = (
    _written("trail_insert", "insert", _of_any_table("""
            SELECT to_jsonb(n), NULL::jsonb, jsonb_strip_nulls(to_jsonb(n) - left_out - hidden) FROM new_rows AS n"""))
    + _written("trail_delete", "delete", _of_any_table("""
            SELECT to_jsonb(o), jsonb_strip_nulls(to_jsonb(o) - left_out - hidden), NULL::jsonb FROM old_rows AS o"""))
    # What an update left as it was is not noted, and one that changed nothing of interest leaves no record.
    + _written("trail_update", "update", _of_any_table("""
            SELECT coalesce(became, was), difference.before, difference.after
            FROM (SELECT to_jsonb(o) AS was, to_jsonb(n) AS became FROM old_rows AS o
                  FULL JOIN new_rows AS n ON to_jsonb(o)->>key_column = to_jsonb(n)->>key_column) AS pair,
            LATERAL (
                SELECT jsonb_object_agg(name, CASE WHEN name = ANY (hidden) THEN '"hidden"' ELSE was->name END)
                           AS before,
                       jsonb_object_agg(name, CASE WHEN name = ANY (hidden) THEN '"hidden"' ELSE became->name END)
                           AS after
                FROM jsonb_object_keys(coalesce(became, was)) AS name
                WHERE was->name IS DISTINCT FROM became->name
                      AND (name <> ALL (left_out) OR name IN (key_column, 'study_id', 'read_id'))
            ) AS difference
            WHERE difference.after IS NOT NULL"""))
    + _written("trail_insert_grades", "insert", _of_grades(f"""
            SELECT n.read_id, {_cell('n')}, NULL::jsonb, {_grade('n')} FROM new_rows AS n"""))
    + _written("trail_delete_grades", "delete", _of_grades(f"""
            SELECT o.read_id, {_cell('o')}, {_grade('o')}, NULL::jsonb FROM old_rows AS o"""))
    + _written("trail_update_grades", "update", _of_grades(f"""
            SELECT coalesce(n.read_id, o.read_id), coalesce({_cell('n')}, {_cell('o')}),
                   CASE WHEN o.id IS NOT NULL THEN {_grade('o')} END, CASE WHEN n.id IS NOT NULL THEN {_grade('n')} END
            FROM old_rows AS o FULL JOIN new_rows AS n USING (read_id, muscle, side)
            WHERE (o.score, o.not_assessable, o.version) IS DISTINCT FROM (n.score, n.not_assessable, n.version)"""))
)
NOT_WRITTEN = "".join(
    f"DROP FUNCTION trail_{operation}{grades}();"
    for operation in ("update", "delete", "insert") for grades in ("_grades", "")
)

KEPT = """
CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail is only added to, and only by PostgreSQL.'
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'trail_is_kept', TABLE = 'grading_trail';
END $$;
CREATE TRIGGER trail_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON grading_trail
    FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_is_written_by_triggers BEFORE INSERT ON grading_trail
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION trail_refuse();

CREATE FUNCTION trail_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are deleted one by one, so that the trail notes each.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'table_is_not_truncated', TABLE = TG_TABLE_NAME;
END $$;
"""
NOT_KEPT = """
DROP FUNCTION trail_refuse_truncate();
DROP TRIGGER trail_is_written_by_triggers ON grading_trail;
DROP TRIGGER trail_is_kept ON grading_trail;
DROP FUNCTION trail_refuse();
"""

ATTACHING = """
CREATE FUNCTION trail_attach(watched regclass, left_out text[], hidden text[], inserts boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    grades text := CASE WHEN watched = 'grading_grade'::regclass THEN '_grades' ELSE '' END;
    key_column text := (SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
                        WHERE indrelid = watched AND indisprimary);
BEGIN
    IF inserts THEN
        EXECUTE format('CREATE TRIGGER trail_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION trail_insert%s(%L, %L, %L)',
                       watched, grades, key_column, left_out, hidden);
    END IF;
    EXECUTE format('CREATE TRIGGER trail_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows '
                   'NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trail_update%s(%L, %L, %L)',
                   watched, grades, key_column, left_out, hidden);
    EXECUTE format('CREATE TRIGGER trail_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows '
                   'FOR EACH STATEMENT EXECUTE FUNCTION trail_delete%s(%L, %L, %L)',
                   watched, grades, key_column, left_out, hidden);
    EXECUTE format('CREATE TRIGGER trail_truncate BEFORE TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse_truncate()', watched);
END $$;
CREATE FUNCTION trail_detach(watched regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER trail_truncate ON %s', watched);
    EXECUTE format('DROP TRIGGER trail_delete ON %s', watched);
    EXECUTE format('DROP TRIGGER trail_update ON %s', watched);
    EXECUTE format('DROP TRIGGER IF EXISTS trail_insert ON %s', watched);
END $$;
"""
NOT_ATTACHING = """
DROP FUNCTION trail_detach(regclass);
DROP FUNCTION trail_attach(regclass, text[], text[], boolean);
"""

REOPENINGS = """
CREATE FUNCTION grading_keep_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was signed off and why it was opened again is kept.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'reopening_is_kept', TABLE = 'grading_reopening';
END $$;
CREATE TRIGGER reopening_is_kept BEFORE UPDATE OR DELETE ON grading_reopening
    FOR EACH ROW EXECUTE FUNCTION grading_keep_reopening();
"""
NO_REOPENINGS = """
DROP TRIGGER reopening_is_kept ON grading_reopening;
DROP FUNCTION grading_keep_reopening();
"""

# Counted from entries, at each of them.
PACE = ("first_entry_at", "last_entry_at", "last_active_at", "active_seconds")


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0005_changes_and_lock'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TrailRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('table', models.CharField(db_column='table_name', max_length=63)),
                ('key', models.TextField(help_text="The row's primary key.")),
                ('operation', models.CharField(choices=[('insert', 'added'), ('update', 'changed'), ('delete', 'deleted')], max_length=6)),
                ('reason', models.TextField()),
                ('source', models.TextField(help_text='The program, as it named itself to PostgreSQL: site, a command, psql.')),
                ('role', models.TextField(db_column='db_role', help_text='The role that was connected to PostgreSQL.')),
                ('before', models.JSONField(help_text='Of an update, the columns that changed.', null=True)),
                ('after', models.JSONField(null=True)),
                ('actor', models.ForeignKey(db_constraint=False, db_index=False, help_text='Who was signed in. Nobody for commands and for psql.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('read', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='grading.read')),
                ('study', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='grading.study')),
            ],
            options={
                'db_table': 'grading_trail',
                'indexes': [models.Index(fields=['study', 'at', 'id'], name='trail_of_study'), models.Index(fields=['study', 'actor', 'at', 'id'], name='trail_of_actor'), models.Index(condition=models.Q(('read__isnull', False)), fields=['read', 'at', 'id'], name='trail_of_read')],
            },
        ),
        migrations.RunSQL(WRITTEN, NOT_WRITTEN),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(ATTACHING, NOT_ATTACHING),
        migrations.RunSQL(REOPENINGS, NO_REOPENINGS),
        attach_trail("grading_study"),
        attach_trail("grading_diagnosisgroup"),
        attach_trail("grading_member"),
        attach_trail("grading_participant"),
        attach_trail("grading_mri"),
        attach_trail("grading_read", without=("reader_role", *PACE)),
        attach_trail("grading_grade"),
        attach_trail("grading_entry", inserts=False),  # an entry is its own record
        attach_trail("grading_reopening"),
        attach_trail("auth_user", without=["last_login"], hidden=["password"]),
        attach_trail("auth_user_groups"),
        attach_trail("auth_user_user_permissions"),
        attach_trail("auth_group"),
        attach_trail("auth_group_permissions"),
    ]
