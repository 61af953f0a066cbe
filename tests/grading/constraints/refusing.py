"""How tests say that the database refuses something."""

import pytest
from django.db import IntegrityError


def refuses(constraint: str):
    """The database refuses what is done inside, by the constraint of this name."""
    return pytest.raises(IntegrityError, match=constraint)
