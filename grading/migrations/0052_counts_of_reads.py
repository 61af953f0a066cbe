"""PostgreSQL keeps how many reads of a reader are in which state, a thousand places of their order at a time.

A count is the sum of its parts. Each statement that changes reads adds what changed to one part of the count, whichever
nobody holds at the moment, or makes another: so nobody waits, in whichever order two transactions change what. In a
transaction of another isolation, to which a part that was changed meanwhile would be an error, it makes another.

With the counts come indexes for what is left to be looked up; the one from which progress was counted goes.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

# As grading/models/read_count.py has it.
BLOCK = "CASE WHEN position IS NULL THEN 3000000 + get_byte(uuid_send(id), 0) / 16 ELSE (position - 1) / 1000 END"
LIMIT = "(SELECT nullif(current_setting('thighsite.limited_to', true), '')::uuid)"

ADDED, GONE = (f"SELECT {sign} 1 AS number, * FROM {rows}" for sign, rows in (("+", "added"), ("-", "gone")))
CHANGED = {
    "insert": (ADDED, "NEW TABLE AS added"),
    "update": (f"{ADDED} UNION ALL {GONE}", "OLD TABLE AS gone NEW TABLE AS added"),
    "delete": (GONE, "OLD TABLE AS gone"),
}
COUNTED = "".join(
    f"""
CREATE FUNCTION grading_count_{event}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    change record;
    part bigint;
BEGIN
    FOR change IN
        SELECT study_id, reader_id, {BLOCK} AS block, status, sum(number) AS number
        FROM ({rows}) AS changed GROUP BY study_id, reader_id, block, status HAVING sum(number) <> 0
    LOOP
        part := NULL;
        IF current_setting('transaction_isolation') = 'read committed' THEN
            SELECT id INTO part FROM grading_readcount AS own
            WHERE own.study_id = change.study_id AND own.reader_id = change.reader_id AND own.block = change.block
                  AND own.status = change.status
            LIMIT 1 FOR UPDATE SKIP LOCKED;
        END IF;
        IF part IS NULL THEN
            INSERT INTO grading_readcount (study_id, reader_id, block, status, number)
            VALUES (change.study_id, change.reader_id, change.block, change.status, change.number);
        ELSE
            UPDATE grading_readcount SET number = number + change.number WHERE id = part;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER read_counted_{event} AFTER {event.upper()} ON grading_read
    REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION grading_count_{event}();
"""
    for event, (rows, tables) in CHANGED.items()
)
NOT_COUNTED = "".join(
    f"DROP TRIGGER read_counted_{event} ON grading_read;\nDROP FUNCTION grading_count_{event}();\n" for event in CHANGED
)

# Once the triggers are there, nobody changes a read before the migration has ended.
FILLED = f"""
INSERT INTO grading_readcount (study_id, reader_id, block, status, number)
SELECT study_id, reader_id, {BLOCK} AS block, status, count(*) FROM grading_read
GROUP BY study_id, reader_id, block, status;
"""
# Of a coordinator's study site alone nothing is counted here: they are shown no part.
LIMITED = f"""
ALTER TABLE grading_readcount ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_own_site ON grading_readcount USING ({LIMIT} IS NULL);
"""
NOT_LIMITED = """
DROP POLICY of_own_site ON grading_readcount;
ALTER TABLE grading_readcount DISABLE ROW LEVEL SECURITY;
"""


def kept(to: str, related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name=related_name,
        to=to,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("grading", "0051_keys_with_the_study"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="read", name="read_progress"),
        migrations.AddIndex(
            model_name="read",
            index=models.Index(fields=["study", "reader", "position", "id"], name="read_in_order"),
        ),
        migrations.AddIndex(
            model_name="read",
            index=models.Index(
                condition=Q(("signed_off_at__isnull", True)), fields=["study", "reader", "position", "id"],
                name="read_open",
            ),
        ),
        migrations.AddIndex(
            model_name="read",
            index=models.Index(
                condition=Q(("status", "draft")), fields=["study", "reader"], name="read_begun"
            ),
        ),
        migrations.AddIndex(
            model_name="read",
            index=models.Index(
                condition=Q(("signed_off_at__isnull", False)), fields=["study", "reader", "signed_off_at"],
                include=("mri", "handed_out"), name="read_signed_off",
            ),
        ),
        migrations.AddIndex(
            model_name="read",
            index=models.Index(
                condition=Q(("occasion__gt", 1), ("available_at__isnull", False), _connector="OR"),
                fields=["study", "reader"], name="read_again",
            ),
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(
                condition=Q(("withdrawn_at__isnull", False), ("is_calibration", True), _connector="OR"),
                fields=["study"], name="participant_not_compared",
            ),
        ),
        migrations.CreateModel(
            name="ReadCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("block", models.IntegerField()),
                ("status", models.CharField(max_length=10)),
                ("number", models.IntegerField()),
                ("reader", kept(settings.AUTH_USER_MODEL, "+")),
                ("study", kept("grading.study", "read_counts")),
            ],
            options={
                "indexes": [models.Index(fields=["study", "reader", "block", "status"], name="read_count")],
            },
        ),
        migrations.RunSQL(COUNTED, NOT_COUNTED),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.RunSQL(LIMITED, NOT_LIMITED),
    ]
