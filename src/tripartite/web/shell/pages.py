"""Pages that only say: legal notices, personal data, accessibility."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "web/shell/pages/legal.html", {"config": settings.CONFIG})


def personal_data(request: HttpRequest) -> HttpResponse:
    return render(request, "web/shell/pages/personal_data.html", {"config": settings.CONFIG})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/shell/pages/accessibility.html", {"config": settings.CONFIG})
