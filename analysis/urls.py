"""URLs of what investigators look at, below /studies/<slug>/."""

from django.urls import path

from analysis.views import comparison

urlpatterns = [
    path("studies/<slug:slug>/comparison/", comparison.comparison, name="comparison"),
    path("studies/<slug:slug>/comparison.json", comparison.comparison_json, name="comparison-json"),
]
