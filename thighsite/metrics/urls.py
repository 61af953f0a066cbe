"""The URL of metrics."""

from django.urls import path

from thighsite.metrics import views

urlpatterns = [path("metrics", views.metrics, name="metrics")]
