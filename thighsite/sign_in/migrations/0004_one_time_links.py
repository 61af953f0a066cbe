"""The trail of signing in notes one-time links, of which the newest alone works."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sign_in", "0003_who_may_sign_in_as_whom")]

    operations = [
        migrations.AlterField(
            model_name="signinevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "signed in"),
                    ("refused", "refused"),
                    ("second_factor", "second factor"),
                    ("second_factor_refused", "second factor refused"),
                    ("signed_out", "signed out"),
                    ("expired", "session expired"),
                    ("ended", "sessions ended"),
                    ("password_changed", "password changed"),
                    ("link_made", "one-time link made"),
                    ("links_ended", "one-time links ended"),
                    ("factor_added", "second factor added"),
                    ("factor_removed", "second factor removed"),
                ],
                max_length=24,
            ),
        ),
    ]
