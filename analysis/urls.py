"""URLs of the comparison, below /studies/<slug>/."""

from django.urls import path

from analysis import views

urlpatterns = [
    path("studies/<slug:slug>/comparison/", views.comparison, name="comparison"),
    path("studies/<slug:slug>/comparison.json", views.comparison_json, name="comparison-json"),
]
