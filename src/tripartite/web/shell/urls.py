"""The addresses of pages that only say."""

from django.urls import path

from tripartite.web.shell import pages

urlpatterns = [
    path("mentions-legales/", pages.legal, name="legal"),
    path("donnees-personnelles/", pages.personal_data, name="personal-data"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
]
