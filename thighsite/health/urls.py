"""URLs for those who watch over the site. Anybody may ask: no answer holds a secret."""

from django.urls import path

from thighsite.health import views

urlpatterns = [
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("health/", views.health, name="health"),
]
