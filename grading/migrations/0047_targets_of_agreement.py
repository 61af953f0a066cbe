"""A study may set how far its readers are to agree. Once it is locked its targets stay."""

import django.core.validators
from django.db import migrations, models

NAMES = {
    "target_icc_muscle": "ICC(2,1) of each muscle, at least",
    "target_icc_overall": "ICC(2,1) over all muscles, at least",
    "target_kappa_muscle": "quadratic weighted kappa of each muscle, at least",
    "target_kappa_overall": "quadratic weighted kappa over all muscles, at least",
}

LOCKED = """
CREATE TRIGGER study_aims_as_locked BEFORE UPDATE OF {columns} ON grading_study
    FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL AND ({before}) IS DISTINCT FROM ({after}))
    EXECUTE FUNCTION grading_refuse_locked();
""".format(
    columns=", ".join(NAMES),
    before=", ".join(f"OLD.{name}" for name in NAMES),
    after=", ".join(f"NEW.{name}" for name in NAMES),
)
FORGOTTEN = f"""
DROP TRIGGER study_aims_as_locked ON grading_study;
DELETE FROM trail_column WHERE table_name = 'grading_study' AND column_name IN ({", ".join(map(repr, NAMES))});
"""


def _target(name: str) -> migrations.AddField:
    field = models.FloatField(
        blank=True,
        help_text="From 0 to 1. Empty: no target.",
        null=True,
        validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)],
        verbose_name=NAMES[name],
    )
    return migrations.AddField(model_name="study", name=name, field=field)


class Migration(migrations.Migration):

    dependencies = [("grading", "0046_what_a_draw_was_asked_for")]

    operations = [
        *map(_target, NAMES),
        migrations.AddConstraint(
            model_name="study",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    *(models.Q((name, None), (f"{name}__range", (0, 1)), _connector="OR") for name in NAMES)
                ),
                name="study_targets_of_agreement",
            ),
        ),
        migrations.RunSQL(LOCKED, FORGOTTEN),
    ]
