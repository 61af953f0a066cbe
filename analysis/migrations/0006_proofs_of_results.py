"""Cached results and data versions get a proof that the site stored them; those of before have none, and are made anew."""

from django.db import migrations, models

HELP = "That the site stored the row: an HMAC under its SECRET_KEY."


def proof() -> models.CharField:
    return models.CharField(default="", help_text=HELP, max_length=64)


class Migration(migrations.Migration):

    dependencies = [('analysis', '0005_frozen_frame_of_each_lock')]

    operations = [
        migrations.AddField(model_name='cachedresult', name='proof', field=proof(), preserve_default=False),
        migrations.AddField(model_name='dataversion', name='proof', field=proof(), preserve_default=False),
    ]
