"""The addresses of requests, their answers and their papers."""

from django.urls import path

from tripartite.web.requests import answers, deposits, listing, page, papers, told, writing

urlpatterns = [
    path("demandes/", listing.list_requests, name="request-list"),
    path("demandes/nouvelle/", writing.new_request, name="request-new"),
    path("demandes/<code:reference>/modifier/", writing.revise, name="request-revise"),
    path(
        "demandes/<code:reference>/deliberation.pdf", answers.deliberation, {"layout": "pdf"}, name="deliberation-pdf"
    ),
    path(
        "demandes/<code:reference>/deliberation.odt", answers.deliberation, {"layout": "odt"}, name="deliberation-odt"
    ),
    path("demandes/<code:reference>/accord/", answers.accept_on_paper, name="request-accept"),
    path("demandes/<code:reference>/refus/", answers.refuse, name="request-refuse"),
    path("demandes/<code:reference>/pouvoir/", answers.justify, name="request-justify"),
    path("demandes/<code:reference>/papiers.zip", papers.file_zip, name="request-papers"),
    path("demandes/<code:reference>/", page.show_request, name="request"),
    path("demandes/<code:reference>/chiffrer/", page.price_line, name="request-price"),
    path("demandes/<code:reference>/emettre/", page.issue, name="request-issue"),
    path("demandes/<code:reference>/projet/<code:issuer>.pdf", page.preview, name="request-preview"),
    path("demandes/<code:reference>/devis-v<int:version>.zip", papers.quotes_zip, name="request-zip"),
    path("demandes/<code:reference>/dupliquer/", page.duplicate, name="request-duplicate"),
    path("demandes/<code:reference>/annuler/", page.cancel, name="request-cancel"),
    path("demandes/<code:reference>/envoyer/", told.send_again, name="request-send"),
    path("demandes/<code:reference>/chiffres/<int:figure_id>/", told.confirm, name="request-confirm-figure"),
    path("demandes/<code:reference>/contact/", page.correct_contact, name="request-contact"),
    path("demandes/<code:reference>/depots/<int:document_id>/", deposits.deposited_act, name="request-deposit"),
    path("demandes/<code:reference>/depots/<int:document_id>/ecarter/", deposits.set_aside, name="request-set-aside"),
    path("devis/<code:number>/releve.txt", papers.accord_trace, name="accord-trace"),
    path("devis/<code:number>.pdf", page.quote_pdf, name="quote-pdf"),
]
