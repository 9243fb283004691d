"""The addresses of what is to be set going."""

from django.urls import path

from tripartite.web.going_live import board, page

urlpatterns = [
    path("mises-en-service/", board.board, name="activation-list"),
    path(page.BASE, page.show, name="activation"),
    path(f"{page.BASE}etapes/<int:step_id>/fait/", page.settle, name="step-settle"),
    path(f"{page.BASE}etapes/<int:step_id>/ecarter/", page.waive, name="step-waive"),
    path(f"{page.BASE}etapes/<int:step_id>/reprendre/", page.reopen, name="step-reopen"),
    path(f"{page.BASE}en-service/", page.put_live, name="activation-live"),
    path(f"{page.BASE}prevoir/", page.plan, name="activation-plan"),
    path(f"{page.BASE}abandonner/", page.cancel, name="activation-cancel"),
]
