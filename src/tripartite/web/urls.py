"""The addresses of the screens: each module of views lists its own."""

from django.urls import URLPattern, URLResolver

from tripartite.web import accounts, pages

urlpatterns: list[URLPattern | URLResolver] = [
    *pages.urlpatterns,
    *accounts.urlpatterns,
]
