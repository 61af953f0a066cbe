"""Grades and entries name their study, and each unique key of theirs and of the trail carries it.

So a study's rows can live together: PostgreSQL wants the column that a table is partitioned by in each of its unique
keys. The study is last in a key: whoever asks by a read or a number alone is served by the same index, and it is no larger.

The column is filled by writing the tables anew, once and without a trigger: nobody changes what is signed off, so
nothing is switched off that guards it, and the trail has nothing to tell. It leaves study and read out of what it notes.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

PASSES = import_module("grading.migrations.0030_passes_bound_and_newest_seals")

TABLES = {"grading_grade": "grade", "grading_entry": "entry"}
STUDY_OF_READ = """
CREATE FUNCTION grading_study_of_read(uuid) RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT study_id FROM public.grading_read WHERE id = $1 $$;
"""
FILLED = (
    STUDY_OF_READ
    + "".join(
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD COLUMN study_id uuid;\n"
        f"ALTER TABLE {table} ALTER COLUMN study_id TYPE uuid USING grading_study_of_read(read_id),\n"
        f"    ALTER COLUMN study_id SET NOT NULL, ADD CONSTRAINT {table}_pkey PRIMARY KEY (id, study_id);\n"
        for table in TABLES
    )
    + "DROP FUNCTION grading_study_of_read(uuid);\n"
)
NOT_FILLED = "".join(
    f"ALTER TABLE {table} DROP COLUMN study_id, ADD CONSTRAINT {table}_pkey PRIMARY KEY (id);\n" for table in TABLES
)

# Whoever names the study is held to it by the key that refers to the read; nothing is asked twice.
GIVEN = """
CREATE FUNCTION grading_give_study() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT study_id INTO NEW.study_id FROM grading_read WHERE id = NEW.read_id;
    RETURN NEW;
END $$;
""" + "".join(
    f"""
ALTER TABLE {table} ADD CONSTRAINT {name}_read_of_its_study FOREIGN KEY (study_id, read_id)
    REFERENCES grading_read (study_id, id) DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER {name}_study_is_given BEFORE INSERT ON {table}
    FOR EACH ROW WHEN (NEW.study_id IS NULL) EXECUTE FUNCTION grading_give_study();
"""
    for table, name in TABLES.items()
)
NOT_GIVEN = (
    "".join(
        f"DROP TRIGGER {name}_study_is_given ON {table};\n"
        f"ALTER TABLE {table} DROP CONSTRAINT {name}_read_of_its_study;\n"
        for table, name in TABLES.items()
    )
    + "DROP FUNCTION grading_give_study();\n"
)

# Records of no study have their number alone.
TRAIL = "ALTER TABLE grading_trail DROP CONSTRAINT grading_trail_pkey;"
TRAIL_BEFORE = "ALTER TABLE grading_trail ADD CONSTRAINT grading_trail_pkey PRIMARY KEY (id);"

# With each save: what looks for a read's rows names the study, so that one partition is asked.
ASKED = """
CREATE OR REPLACE FUNCTION grading_digest_of_pass(passed uuid) RETURNS text LANGUAGE sql STABLE
    SET enable_seqscan = off AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        first_entry_at, last_entry_at, active_seconds,
        (SELECT jsonb_agg(jsonb_build_array(id, muscle, side, score, not_assessable, version, key, entered_at)
                          ORDER BY id) FROM grading_entry WHERE read_id = passed AND study_id = own.study_id),
        (SELECT jsonb_agg(jsonb_build_array(id, muscle, side, version, entered_at, changed_at) ORDER BY id)
         FROM grading_grade WHERE read_id = passed AND study_id = own.study_id)
    )::text, 'UTF8')), 'hex')
    FROM grading_read AS own WHERE own.id = passed
$$;
CREATE OR REPLACE FUNCTION trail_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.vouched := trail_is_vouched(NEW.actor_id);
    IF NEW.study_id IS NOT NULL THEN
        SELECT coalesce(max(number), 0) INTO NEW.seals FROM grading_seal WHERE study_id = NEW.study_id;
    END IF;
    IF NEW.table_name = 'grading_grade' OR NEW.table_name = 'grading_read' AND (
        NEW.operation = 'insert' OR NEW.after ?| ARRAY['first_entry_at', 'last_entry_at', 'active_seconds']) THEN
        NEW.entered := coalesce(grading_digest_of_pass(NEW.read_id), '');
    END IF;
    IF NEW.read_id IS NOT NULL AND NEW.study_id IS NOT NULL THEN
        SELECT hash INTO NEW.previous FROM grading_trail
        WHERE read_id = NEW.read_id AND study_id = NEW.study_id ORDER BY id DESC LIMIT 1;
    ELSIF NEW.read_id IS NOT NULL THEN
        SELECT hash INTO NEW.previous FROM grading_trail WHERE read_id = NEW.read_id ORDER BY id DESC LIMIT 1;
    ELSE
        SELECT hash INTO NEW.previous FROM grading_trail
        WHERE read_id IS NULL AND table_name = NEW.table_name AND key = NEW.key ORDER BY id DESC LIMIT 1;
    END IF;
    NEW.previous := coalesce(NEW.previous, '');
    NEW.hash := trail_hash(NEW);
    RETURN NEW;
END $$;
"""
DIGEST, _, REST = PASSES.HASHED.partition("CREATE OR REPLACE FUNCTION trail_hash")
ASKED_BEFORE = (
    DIGEST.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    + "CREATE OR REPLACE FUNCTION trail_chain"
    + REST.partition("CREATE OR REPLACE FUNCTION trail_chain")[2]
)


def study() -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+", to="grading.study",
    )


def read(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name=related_name,
        to="grading.read",
    )


class Migration(migrations.Migration):

    dependencies = [("grading", "0050_limits_that_cost_nothing")]

    operations = [
        migrations.RemoveConstraint(model_name="entry", name="entry_of_a_request_once"),
        migrations.RemoveConstraint(model_name="entry", name="entry_goes_on_from_a_version_once"),
        migrations.RemoveConstraint(model_name="grade", name="grade_once_per_muscle_and_side"),
        migrations.AlterField(model_name="entry", name="read", field=read("entries")),
        migrations.AlterField(model_name="grade", name="read", field=read("grades")),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FILLED, NOT_FILLED)],
            state_operations=[
                migrations.AddField(model_name="entry", name="study", field=study()),
                migrations.AddField(model_name="grade", name="study", field=study()),
            ],
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("read", "key", "study"), name="entry_of_a_request_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                fields=("read", "muscle", "side", "version", "study"), name="entry_goes_on_from_a_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="grade",
            constraint=models.UniqueConstraint(
                fields=("read", "muscle", "side", "study"), name="grade_once_per_muscle_and_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="read", constraint=models.UniqueConstraint(fields=("study", "id"), name="read_of_study")
        ),
        migrations.AlterField(
            model_name="read",
            name="study",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="reads", to="grading.study"
            ),
        ),
        migrations.RunSQL(GIVEN, NOT_GIVEN),
        migrations.RunSQL(TRAIL, TRAIL_BEFORE),
        migrations.AddConstraint(
            model_name="trailrecord",
            constraint=models.UniqueConstraint(
                fields=("id", "study"), name="trail_record_once", nulls_distinct=False
            ),
        ),
        migrations.RunSQL(ASKED, ASKED_BEFORE),
        # A table that is written anew has not changed by PostgreSQL's count, which therefore would not look at the column.
        migrations.RunSQL("ANALYZE grading_grade, grading_entry, grading_read", migrations.RunSQL.noop),
    ]
