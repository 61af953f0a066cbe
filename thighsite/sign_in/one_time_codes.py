"""A code of an authenticator app counts once, for all processes together.

Each code belongs to a counter: how many half minutes have passed since 1970 (RFC 6238, section 5.2 asks that none be
taken twice). The highest one used is kept with the app, and only a higher one counts.
"""

from allauth.mfa.models import Authenticator
from django.db.models import F, Func, JSONField, Q, Value

LAST_USED = "last_counter"  # in the app's data, so that it comes and goes with the app


def use_up(app: Authenticator, counter: int) -> bool:
    """Take a counter of an app, and say whether it was still to be had. One statement: of two at once, one gets it."""
    unused = Q(**{f"data__{LAST_USED}__isnull": True}) | Q(**{f"data__{LAST_USED}__lt": counter})
    noted = Func(
        F("data"), Value([LAST_USED]), Value(counter, JSONField()), function="jsonb_set", output_field=JSONField()
    )
    return Authenticator.objects.filter(unused, pk=app.pk).update(data=noted) == 1
