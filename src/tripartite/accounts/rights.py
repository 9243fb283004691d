"""The one table of rights: which role may do what. Everything that is not here is refused."""

from enum import StrEnum


class Role(StrEnum):
    """What a person does for its issuer."""

    AGENT = "agent"
    MANAGER = "manager"
    ACCOUNTANT = "accountant"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.AGENT: "agent",
    Role.MANAGER: "responsable",
    Role.ACCOUNTANT: "comptable",
    Role.ADMINISTRATOR: "administrateur",
}
