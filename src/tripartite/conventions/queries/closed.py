"""Which acts on a convention are closed as it stands, and why: what their service refuses, and their page says at
once."""

from tripartite.conventions.models import Convention
from tripartite.conventions.states import ConventionState


def why_not_amended(convention: Convention) -> str:
    """Why a convention takes no amendment; « » when it does."""
    if convention.state != ConventionState.IN_FORCE or convention.parent_id is not None:
        return "Un avenant ne modifie qu'une convention en vigueur."
    if convention.ended_on is not None:
        return f"La fin de cette convention est notée : le {convention.ended_on:%d/%m/%Y}."
    return ""


def why_not_ended(convention: Convention) -> str:
    """Why a convention is not to be ended; « » when it may."""
    if convention.parent_id is not None:
        return "C'est la convention, et non son avenant, qui se dénonce ou se résilie."
    if convention.ended_on is not None:
        return f"Sa fin est déjà notée : le {convention.ended_on:%d/%m/%Y}."
    if convention.state != ConventionState.IN_FORCE:
        return f"Convention {convention.state_label} : elle n'est pas en vigueur."
    return ""
