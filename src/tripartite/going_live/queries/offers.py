"""The offer that what is set going is of."""

from tripartite.going_live.models import Activation, SignatureKey


def offer_of_activation(activation_id: int) -> str | None:
    """The offer of an activation, by its convention: one query. None where there is no such activation."""
    found = Activation.objects.filter(pk=activation_id)
    return found.values_list("convention__request__offer", flat=True).first()


def offer_of_key(key_id: int) -> str | None:
    """The offer of a key, by what runs or what set it going: one query. None for a key of no convention."""
    through = ("subscription__convention__request__offer", "activation__convention__request__offer")
    found = SignatureKey.objects.filter(pk=key_id).values_list(*through).first()
    return next((offer for offer in found if offer), None) if found else None
