"""An imported read that names the wrong reader, MRI or feature can be taken back, with a reason.

As for a correction its sign-off is taken away first, so that its grades can go; then the read has to be signed again or
gone by the end of the transaction. The trail holds all of it. What a reader has had in hand stays.
"""

from django.db import migrations

TAKEN_BACK = """
CREATE OR REPLACE FUNCTION grading_check_corrected() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_read WHERE id = NEW.id AND (status <> 'signed_off' OR handed_out)) THEN
        RAISE EXCEPTION 'An imported read that is corrected is signed off again at once, and stays imported; one that '
                        'is taken back is deleted at once.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_corrected_is_signed_again', TABLE = 'grading_read';
    END IF;
    RETURN NULL;
END $$;
"""
STAYS = """
CREATE OR REPLACE FUNCTION grading_check_corrected() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM grading_read WHERE id = NEW.id AND status = 'signed_off' AND NOT handed_out) THEN
        RAISE EXCEPTION 'An imported read that is corrected is signed off again at once, and stays imported.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_corrected_is_signed_again', TABLE = 'grading_read';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [('grading', '0017_revisions_only_grow')]

    operations = [migrations.RunSQL(TAKEN_BACK, STAYS)]
