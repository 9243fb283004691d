"""The HTTP door: the estimate contract, the directory and the grids, with their OpenAPI document."""

from django.urls import path

from tripartite.api.billing import router as billing
from tripartite.api.endings import router as endings
from tripartite.api.estimates import api
from tripartite.api.subscriptions import router

api.add_router("", router)
api.add_router("", endings)
api.add_router("", billing)

urlpatterns = [path("", api.urls)]
