"""The addresses of conventions, their acts, their texts, of powers to sign, of the former programme."""

from django.urls import path

from tripartite.web.conventions import acts, amending, cohort, ending, mandates, page, renewing, texts

urlpatterns = [
    path("conventions/", page.list_conventions, name="convention-list"),
    path("conventions/<int:convention_id>/", page.show_convention, name="convention"),
    path("conventions/<int:convention_id>/papier.pdf", page.paper, name="convention-paper"),
    path(
        "conventions/<int:convention_id>/signataires/<int:signatory_id>/signature",
        page.signature_paper,
        name="signature-paper",
    ),
    path(
        "conventions/<int:convention_id>/signataires/<int:signatory_id>/preuve",
        page.signature_proof,
        name="signature-proof",
    ),
    path(
        "conventions/<int:convention_id>/signataires/<int:signatory_id>/releve.txt",
        page.signature_trace,
        name="signature-trace",
    ),
    path("demandes/<code:reference>/convention/", acts.draft, name="convention-draft"),
    path("conventions/<int:convention_id>/duree/", acts.save_term, name="convention-term"),
    path("conventions/<int:convention_id>/objet/", acts.save_changes, name="convention-changes"),
    path("conventions/<int:convention_id>/envoyer/", acts.send, name="convention-send"),
    path("conventions/<int:convention_id>/abandonner/", acts.abandon, name="convention-abandon"),
    path("conventions/<int:convention_id>/fin/", ending.end, name="convention-end"),
    path("conventions/<int:convention_id>/fins/<int:ending_id>/annuler/", ending.annul, name="ending-annul"),
    path("conventions/<int:convention_id>/signataires/<int:signatory_id>/", acts.save_signatory, name="signatory"),
    path(
        "conventions/<int:convention_id>/signataires/<int:signatory_id>/papier/",
        acts.sign_on_paper,
        name="sign-on-paper",
    ),
    path("conventions/<int:convention_id>/signataires/<int:signatory_id>/pdf/", acts.deposit, name="sign-outside"),
    path("conventions/<int:convention_id>/signataires/<int:signatory_id>/refus/", acts.refuse, name="refuse-to-sign"),
    path("conventions/<int:convention_id>/avenant/", amending.amend, name="convention-amend"),
    path("mairie-connectee/", cohort.list_cohort, name="cohort-list"),
    path("mairie-connectee/importer/", cohort.import_file, name="cohort-import"),
    path("mairie-connectee/modele.xlsx", cohort.model_file, name="cohort-model"),
    path("mairie-connectee/<int:former_id>/", cohort.show_former, name="former"),
    path("mairie-connectee/<int:former_id>/preparer/", cohort.prepare, name="former-prepare"),
    path("collectivites/<code:siren>/pouvoirs/", mandates.body_mandates, name="body-mandates"),
    path("pouvoirs/", mandates.own_mandates, name="own-mandates"),
    path("pouvoirs/<int:mandate_id>/fin/", mandates.end, name="mandate-end"),
    path("pouvoirs/<int:mandate_id>/completer/", mandates.complete, name="mandate-complete"),
    path("pouvoirs/<int:mandate_id>/acte", mandates.mandate_scan, name="mandate-scan"),
    path("textes/", texts.list_texts, name="text-list"),
    path("textes/nouveau/", texts.write, name="text-write"),
    path("textes/<path:code>/adopter/", texts.adopt, name="text-adopt"),
    path("textes/<path:code>/apercu.pdf", texts.preview, name="text-preview"),
    path("textes/<path:code>/", texts.show_text, name="text"),
    path("demandes/<code:reference>/renouveler/", renewing.renew, name="request-renew"),
]
