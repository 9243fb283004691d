"""The addresses of the beneficiary's own space."""

from django.urls import path

from tripartite.web.space import page, signing

urlpatterns = [
    path("espace/", page.entrance, name="space"),
    path("espace/lien/<str:token>/", page.link, name="space-link"),
    path("espace/nouveau-lien/", page.new_link, name="space-new-link"),
    path("espace/sortir/", page.leave, name="space-leave"),
    path("espace/accepter/", page.accept, name="space-accept"),
    path("espace/references/", page.references, name="space-references"),
    path("espace/refuser/", page.refuse, name="space-refuse"),
    path("espace/deposer/", page.deposit, name="space-deposit"),
    path("espace/papiers/<int:document_id>/", page.paper, name="space-paper"),
    path("espace/convention/<int:convention_id>/", signing.show, name="space-convention"),
    path("espace/convention/<int:convention_id>/code/", signing.code, name="space-code"),
    path("espace/convention/<int:convention_id>/signer/", signing.sign, name="space-sign"),
    path("espace/convention/<int:convention_id>/refuser/", signing.refuse, name="space-refuse-to-sign"),
    path("conventions/<int:convention_id>/signataires/<int:signatory_id>/code/", signing.tell, name="convention-code"),
]
