"""The addresses of signature keys."""

from django.urls import path

from tripartite.web.keys import acts, campaign, register

urlpatterns = [
    path("cles/", register.list_keys, name="key-list"),
    path("cles/<int:key_id>/", register.show_key, name="key"),
    path("cles/<int:key_id>/certificat.cer", register.certificate, name="key-certificate"),
    path("collectivites/<code:siren>/cles/deposer/", acts.deposit, name="key-deposit"),
    path("cles/<int:key_id>/remise/", acts.hand_over, name="key-hand-over"),
    path("cles/<int:key_id>/revocation/", acts.revoke, name="key-revoke"),
    path("cles/<int:key_id>/renouveler/", acts.renew, name="key-renew"),
    path("cles/<int:key_id>/titulaire/", acts.keep, name="key-keep"),
    path("cles/<int:key_id>/mise-en-service/", acts.open_going_live, name="key-open-renewal"),
    path("cles/elections/", campaign.show_campaign, name="key-campaign"),
    path("cles/elections/devis/", campaign.prepare, name="key-campaign-prepare"),
]
