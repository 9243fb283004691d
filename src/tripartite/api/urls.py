"""The HTTP door: the estimate contract, the directory and the grids, with their OpenAPI document."""

from django.urls import path

from tripartite.api.estimates import api

urlpatterns = [path("", api.urls)]
