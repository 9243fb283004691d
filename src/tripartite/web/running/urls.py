"""The addresses of what runs, what it costs, what falls due."""

from django.urls import path

from tripartite.web.running import (
    body_services,
    category_changes,
    corrections,
    deadlines,
    due,
    prices,
    subscriptions,
    tariff_effect,
)

urlpatterns = [
    path("collectivites/categories/", category_changes.list_changes, name="category-changes"),
    path("collectivites/<code:siren>/services/", body_services.show_services, name="body-services"),
    path("collectivites/<code:siren>/du/", due.show_due, name="body-due"),
    path("abonnements/", subscriptions.list_subscriptions, name="subscription-list"),
    path("abonnements/prix/", prices.list_prices, name="price-list"),
    path("abonnements/prix/donner/", prices.give, name="price-give"),
    path("abonnements/<int:subscription_id>/", subscriptions.show_subscription, name="subscription"),
    path("abonnements/<int:subscription_id>/reduire/", subscriptions.reduce, name="subscription-reduce"),
    path("abonnements/<int:subscription_id>/arreter/", subscriptions.end, name="subscription-end"),
    path(
        "abonnements/<int:subscription_id>/changements/<int:change_id>/",
        corrections.correct_change,
        name="subscription-change",
    ),
    path("abonnements/<int:subscription_id>/corriger/", subscriptions.correct, name="subscription-correct"),
    path("tarifs/<path:code>/effet/", tariff_effect.show_effect, name="tariff-effect"),
    path("echeances/", deadlines.list_deadlines, name="deadline-list"),
    path("echeances/courriel/", deadlines.digest, name="digest-wish"),
    path("echeances/<code:key>/", deadlines.show, name="deadline"),
    path("echeances/<code:key>/courrier.pdf", deadlines.preview, name="deadline-preview"),
    path("echeances/<code:key>/courrier/", deadlines.keep, name="deadline-letter"),
    path("echeances/<code:key>/classer/", deadlines.dismiss, name="deadline-dismiss"),
    path("echeances/<code:key>/demande/", deadlines.renew, name="deadline-renew"),
    path("courriers/<int:letter_id>.pdf", deadlines.letter, name="letter"),
]
