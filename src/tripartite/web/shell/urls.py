"""The addresses of pages that only say, and of how issuers are seen."""

from django.urls import path

from tripartite.web.shell import looks, pages

urlpatterns = [
    path("couleurs.css", looks.show_colours, name="looks-style"),
    path("emetteurs/logo/<str:sha256>.png", looks.show_logo, name="issuer-logo"),
    path("mentions-legales/", pages.legal, name="legal"),
    path("donnees-personnelles/", pages.personal_data, name="personal-data"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
]
