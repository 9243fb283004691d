"""Pages that only say: legal notices, personal data, accessibility."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "web/pages/legal.html", {"config": settings.CONFIG})


def personal_data(request: HttpRequest) -> HttpResponse:
    return render(request, "web/pages/personal_data.html", {"config": settings.CONFIG})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/pages/accessibility.html", {"config": settings.CONFIG})


urlpatterns = [
    path("mentions-legales/", legal, name="legal"),
    path("donnees-personnelles/", personal_data, name="personal-data"),
    path("accessibilite/", accessibility, name="accessibility"),
]
