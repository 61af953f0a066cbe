"""The trail of signing in notes a right password, too, that confirms what is signed off or decided together."""

from django.db import migrations, models

KINDS = [
    ("signed_in", "signed in"),
    ("refused", "refused"),
    ("confirmed", "confirmed"),
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
    ("token_made", "token made"),
    ("token_ended", "token ended"),
]


class Migration(migrations.Migration):

    dependencies = [("sign_in", "0005_api_tokens")]

    operations = [
        migrations.AlterField(
            model_name="signinevent", name="kind", field=models.CharField(choices=KINDS, max_length=24)
        ),
        migrations.AddIndex(
            model_name="signinevent",
            index=models.Index(
                condition=models.Q(("kind__in", ["link_made", "links_ended"])), fields=["user", "id"],
                name="sign_in_event_link",
            ),
        ),
    ]
