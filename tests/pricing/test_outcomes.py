"""What stands for a price that the grid does not compute."""

import pytest

from tripartite.pricing.outcomes import BY_ISSUER, OnRequest, beside_on_request


@pytest.mark.parametrize(
    ("reason", "added"),
    [
        ("", ""),
        (
            "Au-delà de 100 Go, sur devis, sous réserve de faisabilité.",
            "Au-delà de 100 Go, sous réserve de faisabilité.",
        ),
        ("Au-delà de 20 postes, sur devis", "Au-delà de 20 postes"),
        ("Au-delà de 20 postes, sur devis.", "Au-delà de 20 postes."),
        ("Les autres sur devis établi par l'émetteur.", "Les autres sur devis établi par l'émetteur."),
        ("Pour les autres structures, un devis sera établi.", "Pour les autres structures, un devis sera établi."),
        (BY_ISSUER, ""),
        (BY_ISSUER.removesuffix("."), ""),
        ("sur devis", ""),
    ],
)
def test_what_a_reason_adds_beside_sur_devis(reason, added) -> None:
    assert beside_on_request(reason) == added
    assert beside_on_request(added) == added


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (BY_ISSUER, "sur devis"),
        ("Au-delà de 20 postes, sur devis.", "Au-delà de 20 postes, sur devis."),
        ("Étude nécessaire.", "sur devis (Étude nécessaire.)"),
    ],
)
def test_what_stands_for_the_price_says_it_once(reason, words) -> None:
    assert OnRequest(reason).words("sur devis ({})") == words
