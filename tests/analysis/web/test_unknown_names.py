"""Every page and file of the analysis refuses a name in its address that nobody reads: it would seem to be answered."""

import pytest
from django.urls import reverse

from analysis.figure.catalogue import AGREEMENT_FIGURES, FIGURES

pytestmark = pytest.mark.django_db

ADDRESSES = [
    ("comparison",),
    ("comparison-json",),
    ("text",),
    ("bundle",),
    ("agreement",),
    ("agreement-json",),
    ("agreement-cases",),
    *(("figure", name, form) for name in FIGURES for form in ("svg", "csv")),
    *(("agreement-figure", name, form) for name in AGREEMENT_FIGURES for form in ("svg", "csv")),
]


@pytest.mark.parametrize("named", ADDRESSES, ids="-".join)
def test_unknown_name_is_422_and_named(visitor, filled, named):
    route, *rest = named
    asked = {"muscle": "VL", "readers": "a,b", "sort": "x"} if route == "agreement-cases" else {"readers": "nobody"}

    response = visitor.get(reverse(route, args=[filled.slug, *rest]), asked)

    assert response.status_code == 422
    assert "cannot be asked for" in response.content.decode()
