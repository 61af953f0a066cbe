"""Codes are NFC and can be seen, the first MRI is a fact, and ages over 89 are stored as 90.

A code is looked at when it is written, not whenever something else in its row changes: what was stored before stays and
can be corrected, withdrawn and merged. So these are triggers, not CHECK constraints. What Unicode has no character for
yet is left to the site, which has newer tables. A participant's MRIs are looked at when the transaction ends, when all
of them are there. What breaks a rule already is listed while migrating.
"""

import grading.models.code_field
from django.db import migrations, models

# Categories Cc, Cf, Co, Zl, Zp, and Zs but the plain blank; noncharacters; letters and marks without a shape.
UNSEEN = (
    r"(^ | $|  |[\u0001-\u001F\u007F-\u00A0\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u115F\u1160\u1680"
    r"\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uE000-\uF8FF\uFDD0-\uFDEF\uFE00-\uFE0F"
    r"\uFEFF\uFFA0\uFFF0-\uFFFB\uFFFE\uFFFF\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3"
    r"\U0001D173-\U0001D17A\U000E0000-\U000E0FFF\U000F0000-\U0010FFFF])"
)
IS_SEEN = "{text} IS NFC NORMALIZED AND {text} !~ '" + UNSEEN + "'"

CODES = f"""
CREATE FUNCTION grading_check_code() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT ({IS_SEEN.format(text="NEW.code")}) THEN
        RAISE EXCEPTION 'A code is in NFC, without characters that cannot be seen and needless blanks.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'code_can_be_seen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER participant_code_can_be_seen BEFORE INSERT ON grading_participant
    FOR EACH ROW EXECUTE FUNCTION grading_check_code();
CREATE TRIGGER participant_code_stays_seen BEFORE UPDATE OF code ON grading_participant
    FOR EACH ROW WHEN (NEW.code IS DISTINCT FROM OLD.code) EXECUTE FUNCTION grading_check_code();
CREATE TRIGGER mri_code_can_be_seen BEFORE INSERT ON grading_mri
    FOR EACH ROW EXECUTE FUNCTION grading_check_code();
CREATE TRIGGER mri_code_stays_seen BEFORE UPDATE OF code ON grading_mri
    FOR EACH ROW WHEN (NEW.code IS DISTINCT FROM OLD.code) EXECUTE FUNCTION grading_check_code();
CREATE TRIGGER group_code_can_be_seen BEFORE INSERT ON grading_diagnosisgroup
    FOR EACH ROW EXECUTE FUNCTION grading_check_code();
CREATE TRIGGER group_code_stays_seen BEFORE UPDATE OF code ON grading_diagnosisgroup
    FOR EACH ROW WHEN (NEW.code IS DISTINCT FROM OLD.code) EXECUTE FUNCTION grading_check_code();

-- Compared in the function, for a trigger that names a column of Django's own table would stand in the way of Django's
-- migrations.
CREATE FUNCTION grading_check_username() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.username = NEW.username THEN
        RETURN NULL;
    END IF;
    IF NOT ({IS_SEEN.format(text="NEW.username")}) THEN
        RAISE EXCEPTION 'A username is in NFC, without characters that cannot be seen.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'username_can_be_seen', TABLE = 'auth_user';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER username_can_be_seen AFTER INSERT OR UPDATE ON auth_user
    FOR EACH ROW EXECUTE FUNCTION grading_check_username();
"""
NO_CODES = """
DROP TRIGGER username_can_be_seen ON auth_user;
DROP FUNCTION grading_check_username();
DROP TRIGGER group_code_stays_seen ON grading_diagnosisgroup;
DROP TRIGGER group_code_can_be_seen ON grading_diagnosisgroup;
DROP TRIGGER mri_code_stays_seen ON grading_mri;
DROP TRIGGER mri_code_can_be_seen ON grading_mri;
DROP TRIGGER participant_code_stays_seen ON grading_participant;
DROP TRIGGER participant_code_can_be_seen ON grading_participant;
DROP FUNCTION grading_check_code();
"""

# The participant is locked first, so that of two who add an MRI at one moment the later sees both.
FIRST_MRI = """
CREATE FUNCTION grading_check_first_mri() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    own uuid;
BEGIN
    FOR own IN SELECT DISTINCT participant FROM unnest(ARRAY[OLD.participant_id, NEW.participant_id]) AS participant
               WHERE participant IS NOT NULL ORDER BY participant LOOP
        PERFORM FROM grading_participant WHERE id = own FOR NO KEY UPDATE;
        IF (SELECT count(*) > 1 AND (count(days_since_first_mri) < count(*)
                                     OR count(DISTINCT days_since_first_mri) < count(*) OR min(days_since_first_mri) > 0)
            FROM grading_mri WHERE participant_id = own) THEN
            RAISE EXCEPTION 'Of a participant with several MRIs each needs its days since the first, distinct, one of them 0.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'mri_first_is_known', TABLE = 'grading_mri';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER mri_first_is_known AFTER INSERT OR DELETE OR UPDATE OF participant_id, days_since_first_mri
    ON grading_mri DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grading_check_first_mri();
"""
NO_FIRST_MRI = """
DROP TRIGGER mri_first_is_known ON grading_mri;
DROP FUNCTION grading_check_first_mri();
"""

# Also in locked studies, whose frames hold no ages. The trail notes it.
AGES = """
ALTER TABLE grading_participant DISABLE TRIGGER participant_not_locked;
UPDATE grading_participant SET age_years = 90 WHERE age_years > 90;
ALTER TABLE grading_participant ENABLE TRIGGER participant_not_locked;
"""

FOUND = {
    "{0}: ages over 89 tell who somebody is, so {1} of them are stored as 90 from now on, which means 90 or more.": """
        SELECT slug, count(*) FROM grading_participant JOIN grading_study ON grading_study.id = study_id
        WHERE age_years > 90 GROUP BY slug ORDER BY slug""",
    "{0}: the code {1} of a participant holds what cannot be seen. Correct it on the participant's page.": f"""
        SELECT slug, quote_literal(code) FROM grading_participant JOIN grading_study ON grading_study.id = study_id
        WHERE NOT ({IS_SEEN.format(text="code")}) ORDER BY slug, code""",
    "{0}: the code {1} of a group holds what cannot be seen. Correct it in the site administration.": f"""
        SELECT slug, quote_literal(code) FROM grading_diagnosisgroup JOIN grading_study ON grading_study.id = study_id
        WHERE NOT ({IS_SEEN.format(text="code")}) ORDER BY slug, code""",
    "{0}: the code {1} of an MRI holds what cannot be seen. Correct it on the participant's page.": f"""
        SELECT slug, quote_literal(code) FROM grading_mri JOIN grading_study ON grading_study.id = study_id
        WHERE NOT ({IS_SEEN.format(text="code")}) ORDER BY slug, code""",
    "{0}: which MRI of participant {1} was the first is not known. Import a participants CSV with days_since_first_mri "
    "of each of their MRIs: 0 for the first. Until then they can get no further MRI.": """
        SELECT slug, code FROM grading_participant JOIN grading_study ON grading_study.id = study_id
        JOIN (SELECT participant_id FROM grading_mri GROUP BY participant_id
              HAVING count(*) > 1 AND (count(days_since_first_mri) < count(*)
                     OR count(DISTINCT days_since_first_mri) < count(*) OR min(days_since_first_mri) > 0)) AS undecided
        ON participant_id = grading_participant.id ORDER BY slug, code""",
}


def say_what_was_found(apps, schema_editor):
    """Print what the rules would refuse and finds no way in any more, and what to do about it."""
    with schema_editor.connection.cursor() as cursor:
        for sentence, query in FOUND.items():
            cursor.execute(query)
            for row in cursor.fetchall():
                print(sentence.format(*row))


class Migration(migrations.Migration):

    dependencies = [('grading', '0010_handed_out')]

    operations = [
        migrations.RunPython(say_what_was_found, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='participant',
            name='participant_age_years',
        ),
        migrations.RunSQL(AGES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('age_years', None), ('age_years__lte', 90), _connector='OR'), name='participant_age_years', violation_error_message='Ages over 89 are stored as 90, so that they tell nobody apart.'),
        ),
        migrations.AlterField(
            model_name='participant',
            name='age_years',
            field=models.PositiveSmallIntegerField(blank=True, help_text='At the first MRI; 90 means 90 or more.', null=True),
        ),
        *(
            migrations.AlterField(model_name=model, name=name, field=grading.models.code_field.CodeField(**options))
            for model, name, options in [
                ('diagnosisgroup', 'code', {'max_length': 20}),
                ('diagnosisgroup', 'name', {'max_length': 100}),
                ('mri', 'code', {'max_length': 40}),
                ('participant', 'code', {'max_length': 40}),
                ('participant', 'autoantibody', {'max_length': 40, 'blank': True}),
                ('study', 'title', {'max_length': 200}),
                ('study', 'reader_title', {'max_length': 200, 'blank': True, 'verbose_name': 'title for readers', 'help_text': 'What readers see in place of the title. It must not name the groups. “Reading study” if empty.'}),
            ]
        ),
        migrations.RunSQL(CODES, NO_CODES),
        migrations.RunSQL(FIRST_MRI, NO_FIRST_MRI),
    ]
