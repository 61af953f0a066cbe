"""A statement that is written once asks for the values that it is given, and for nothing that stood in for them."""

from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session

from thighsite.postgres.statement import Statement


def test_value_that_does_not_arrive_in_the_statement_is_refused():
    of_year = Statement(lambda day: Session.objects.filter(expire_date__year=day.year), datetime(1, 2, 3, tzinfo=UTC))

    with pytest.raises(ValueError, match="stand in for values, and are no parameters"):
        of_year.asked_with(datetime(2026, 1, 1, tzinfo=UTC))
