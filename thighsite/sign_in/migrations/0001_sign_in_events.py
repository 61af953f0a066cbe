"""The trail of signing in, and the table in which tries are counted."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION sign_in_keep_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail of signing in is only added to.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_in_event_is_kept', TABLE = 'sign_in_signinevent';
END $$;
CREATE TRIGGER sign_in_event_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON sign_in_signinevent
    FOR EACH STATEMENT EXECUTE FUNCTION sign_in_keep_events();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER sign_in_event_is_kept ON sign_in_signinevent;
DROP FUNCTION sign_in_keep_events();
"""

# What createcachetable would make, so that setting up a site takes no further command.
THROTTLE = """
CREATE TABLE sign_in_throttle (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX sign_in_throttle_expires ON sign_in_throttle (expires);
"""
NO_THROTTLE = "DROP TABLE sign_in_throttle;"


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="SignInEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed_in", "signed in"),
                            ("refused", "refused"),
                            ("second_factor", "second factor"),
                            ("second_factor_refused", "second factor refused"),
                            ("signed_out", "signed out"),
                            ("expired", "session expired"),
                            ("ended", "sessions ended"),
                            ("password_changed", "password changed"),
                            ("factor_added", "second factor added"),
                            ("factor_removed", "second factor removed"),
                        ],
                        max_length=24,
                    ),
                ),
                ("username", models.CharField(blank=True, max_length=150)),
                ("unknown_name", models.CharField(blank=True, max_length=16)),
                ("address", models.GenericIPAddressField(null=True)),
                ("browser", models.CharField(blank=True, max_length=200)),
                ("detail", models.CharField(blank=True, max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "indexes": [models.Index(fields=["user", "at"], name="sign_in_event_user_at")],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(THROTTLE, NO_THROTTLE),
    ]
