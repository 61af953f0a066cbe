"""What Django's constraints cannot say because it spans tables, said to PostgreSQL.

Composite foreign keys keep everything of a study inside it, and reads with its readers. Triggers guard what
depends on a state: grades of signed-off reads, and sides. They look at whole statements, so that an import of
many grades asks once.
"""

from django.db import migrations

WITHIN_ONE_STUDY = """
ALTER TABLE grading_participant ADD CONSTRAINT participant_group_of_its_study
    FOREIGN KEY (study_id, group_id) REFERENCES grading_diagnosisgroup (study_id, id);
ALTER TABLE grading_mri ADD CONSTRAINT mri_participant_of_its_study
    FOREIGN KEY (study_id, participant_id) REFERENCES grading_participant (study_id, id);
ALTER TABLE grading_read ADD CONSTRAINT read_mri_of_its_study
    FOREIGN KEY (study_id, mri_id) REFERENCES grading_mri (study_id, id);
ALTER TABLE grading_read ADD CONSTRAINT read_reader_is_a_reader_of_the_study
    FOREIGN KEY (study_id, reader_id, reader_role) REFERENCES grading_member (study_id, user_id, role);
"""
NOT_WITHIN_ONE_STUDY = """
ALTER TABLE grading_read DROP CONSTRAINT read_reader_is_a_reader_of_the_study;
ALTER TABLE grading_read DROP CONSTRAINT read_mri_of_its_study;
ALTER TABLE grading_mri DROP CONSTRAINT mri_participant_of_its_study;
ALTER TABLE grading_participant DROP CONSTRAINT participant_group_of_its_study;
"""

# FOR SHARE: a sign-off that runs at the same moment waits for the grade, or the grade for the sign-off.
GRADES = """
CREATE FUNCTION grading_check_grades() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM grading_read WHERE id IN (SELECT read_id FROM changed) ORDER BY id FOR SHARE;
    IF EXISTS (SELECT FROM grading_read WHERE id IN (SELECT read_id FROM changed) AND status = 'signed_off') THEN
        RAISE EXCEPTION 'The read is signed off: its grades are frozen.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grade_of_an_open_read', TABLE = 'grading_grade';
    END IF;
    IF TG_OP <> 'DELETE' AND EXISTS (
        SELECT FROM changed
        JOIN grading_read ON grading_read.id = changed.read_id
        JOIN grading_study ON grading_study.id = grading_read.study_id
        WHERE (grading_study.sides = 'together') <> (changed.side = 'both')
    ) THEN
        RAISE EXCEPTION 'The study does not grade this side.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grade_side_of_its_study', TABLE = 'grading_grade';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grade_check_inserted AFTER INSERT ON grading_grade
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grading_check_grades();
CREATE TRIGGER grade_check_updated AFTER UPDATE ON grading_grade
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grading_check_grades();
CREATE TRIGGER grade_check_deleted AFTER DELETE ON grading_grade
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grading_check_grades();

CREATE FUNCTION grading_keep_grade_in_its_read() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A grade stays in its read.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'grade_stays_in_its_read', TABLE = 'grading_grade';
END $$;
CREATE TRIGGER grade_stays_in_its_read BEFORE UPDATE OF read_id ON grading_grade
    FOR EACH ROW WHEN (OLD.read_id <> NEW.read_id) EXECUTE FUNCTION grading_keep_grade_in_its_read();
"""
NO_GRADES = """
DROP TRIGGER grade_stays_in_its_read ON grading_grade;
DROP FUNCTION grading_keep_grade_in_its_read();
DROP TRIGGER grade_check_deleted ON grading_grade;
DROP TRIGGER grade_check_updated ON grading_grade;
DROP TRIGGER grade_check_inserted ON grading_grade;
DROP FUNCTION grading_check_grades();
"""

SIGNED_OFF_READS = """
CREATE FUNCTION grading_keep_signed_off_read() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The read is signed off: it can be neither changed nor deleted.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'read_signed_off_is_frozen', TABLE = 'grading_read';
END $$;
CREATE TRIGGER read_signed_off_is_kept BEFORE DELETE ON grading_read
    FOR EACH ROW WHEN (OLD.status = 'signed_off') EXECUTE FUNCTION grading_keep_signed_off_read();
CREATE TRIGGER read_signed_off_is_frozen AFTER UPDATE ON grading_read
    FOR EACH ROW WHEN (OLD.status = 'signed_off' AND NEW.status = 'signed_off' AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION grading_keep_signed_off_read();
"""
NO_SIGNED_OFF_READS = """
DROP TRIGGER read_signed_off_is_frozen ON grading_read;
DROP TRIGGER read_signed_off_is_kept ON grading_read;
DROP FUNCTION grading_keep_signed_off_read();
"""

SIDES_OF_A_STUDY = """
CREATE FUNCTION grading_keep_sides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_grade JOIN grading_read ON grading_read.id = grading_grade.read_id
               WHERE grading_read.study_id = NEW.id) THEN
        RAISE EXCEPTION 'The study has grades: its sides can no longer change.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'study_sides_of_its_grades', TABLE = 'grading_study';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER study_sides_of_its_grades BEFORE UPDATE OF sides ON grading_study
    FOR EACH ROW WHEN (OLD.sides <> NEW.sides) EXECUTE FUNCTION grading_keep_sides();
"""
NO_SIDES_OF_A_STUDY = """
DROP TRIGGER study_sides_of_its_grades ON grading_study;
DROP FUNCTION grading_keep_sides();
"""


class Migration(migrations.Migration):
    dependencies = [("grading", "0001_initial")]

    operations = [
        migrations.RunSQL(WITHIN_ONE_STUDY, NOT_WITHIN_ONE_STUDY),
        migrations.RunSQL(GRADES, NO_GRADES),
        migrations.RunSQL(SIGNED_OFF_READS, NO_SIGNED_OFF_READS),
        migrations.RunSQL(SIDES_OF_A_STUDY, NO_SIDES_OF_A_STUDY),
    ]
