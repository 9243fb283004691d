"""Where anyone verifies a paper."""

from django.urls import path

from tripartite.web.verification import page

urlpatterns = [
    path("verifier/", page.verification, name="verification"),
]
