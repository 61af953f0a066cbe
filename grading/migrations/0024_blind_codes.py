"""Each read gets a code by which its reader knows it: drawn here, whoever makes the read, and never changed.

Why codes look as they do stands in grading/blind_code.py. They come from gen_random_uuid(), which PostgreSQL draws from
its cryptographic source: from random() somebody could reckon the next. A code is free where no read of the study has
it or, as the trail tells, had it, and no participant or MRI is called so.
"""

import django.db.models.fields.json
from django.db import migrations, models

DRAWN = """
CREATE FUNCTION grading_draw_code(places int) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT string_agg(
        substr(letters, 1 + (('x' || left(gen_random_uuid()::text, 8))::bit(32)::bigint % length(letters))::int, 1), ''
        ORDER BY place
    )
    FROM (SELECT place, CASE WHEN place IN (1, 3) THEN 'CDFHJKMNPRTVWXY' WHEN place = 2 THEN '2346789'
                             ELSE 'CDFHJKMNPRTVWXY2346789' END AS letters
          FROM generate_series(1, places) AS place) AS drawn
$$;
CREATE FUNCTION grading_code_is_free(of_study uuid, drawn text) RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT NOT EXISTS (SELECT FROM grading_read WHERE study_id = of_study AND code = drawn)
       AND NOT EXISTS (SELECT FROM grading_trail WHERE study_id = of_study AND before->>'code' = drawn
                                                       AND table_name = 'grading_read' AND operation = 'delete')
       AND NOT EXISTS (SELECT FROM grading_participant WHERE study_id = of_study AND code = drawn)
       AND NOT EXISTS (SELECT FROM grading_mri WHERE study_id = of_study AND code = drawn)
$$;
-- Two tries with four places, two with five, and so on: where a study has so many reads that two are in vain.
CREATE FUNCTION grading_new_code(of_study uuid) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    drawn text;
BEGIN
    FOR attempt IN 8..24 LOOP
        drawn := grading_draw_code(attempt / 2);
        IF grading_code_is_free(of_study, drawn) THEN
            RETURN drawn;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'No blind code is free in the study.';
END $$;
"""
NOT_DRAWN = """
DROP FUNCTION grading_new_code(uuid);
DROP FUNCTION grading_code_is_free(uuid, text);
DROP FUNCTION grading_draw_code(int);
"""

# Of a database that was migrated back, the trail tells which code a read had. Trail and `migrate` note the others.
FILLED = """
ALTER TABLE grading_read DISABLE TRIGGER read_signed_off_is_frozen;
ALTER TABLE grading_read DISABLE TRIGGER trail_update;
UPDATE grading_read SET code = told.code
FROM (SELECT DISTINCT ON (read_id) read_id, after->>'code' AS code FROM grading_trail
      WHERE table_name = 'grading_read' AND after ? 'code' ORDER BY read_id, id DESC) AS told
WHERE grading_read.id = told.read_id;
DO $do$
DECLARE
    uncoded record;
BEGIN
    FOR uncoded IN SELECT id, study_id FROM grading_read WHERE code = '' LOOP
        UPDATE grading_read SET code = grading_new_code(uncoded.study_id) WHERE id = uncoded.id;
    END LOOP;
END $do$;
ALTER TABLE grading_read ENABLE TRIGGER trail_update;
ALTER TABLE grading_read ENABLE TRIGGER read_signed_off_is_frozen;
"""
FORGOTTEN = "DELETE FROM trail_column WHERE table_name = 'grading_read' AND column_name = 'code';"

GIVEN = """
CREATE FUNCTION grading_give_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.code := grading_new_code(NEW.study_id);
    RETURN NEW;
END $$;
CREATE TRIGGER read_code_is_given BEFORE INSERT ON grading_read
    FOR EACH ROW EXECUTE FUNCTION grading_give_code();
CREATE FUNCTION grading_keep_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The blind code of a read is never changed: its reader knows the read by it.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'read_code_is_kept', TABLE = 'grading_read';
END $$;
CREATE TRIGGER read_code_is_kept BEFORE UPDATE OF code ON grading_read
    FOR EACH ROW WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION grading_keep_code();
"""
NOT_GIVEN = """
DROP TRIGGER read_code_is_kept ON grading_read;
DROP FUNCTION grading_keep_code();
DROP TRIGGER read_code_is_given ON grading_read;
DROP FUNCTION grading_give_code();
"""


class Migration(migrations.Migration):

    dependencies = [('grading', '0023_trail_compares_once')]

    operations = [
        migrations.AddField(
            model_name='read',
            name='code',
            field=models.CharField(db_default='', editable=False, help_text='Names the read to its reader. PostgreSQL draws it when the read is made, and never changes it.', max_length=12, verbose_name='blind code'),
        ),
        migrations.AddIndex(
            model_name='mri',
            index=models.Index(fields=['study', 'code'], name='mri_code_in_study'),
        ),
        migrations.AddIndex(
            model_name='trailrecord',
            index=models.Index(models.F('study'), django.db.models.fields.json.KeyTextTransform('code', 'before'), condition=models.Q(('operation', 'delete'), ('table', 'grading_read')), name='trail_of_codes'),
        ),
        migrations.RunSQL(DRAWN, NOT_DRAWN),
        migrations.RunSQL(FILLED, FORGOTTEN),
        migrations.AddConstraint(
            model_name='read',
            constraint=models.UniqueConstraint(fields=('study', 'code'), name='read_code_once_per_study'),
        ),
        migrations.AddConstraint(
            model_name='read',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[CDFHJKMNPRTVWXY][2346789][CDFHJKMNPRTVWXY][CDFHJKMNPRTVWXY2346789]{1,9}$')), name='read_code'),
        ),
        migrations.RunSQL(GIVEN, NOT_GIVEN),
    ]
