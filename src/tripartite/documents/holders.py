"""Who a certificate says that its holder is: a person, with title and organisation, or a body's seal."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Holder:
    """What the subject of a certificate says. `purpose` is "esign" or "eseal" where the certificate itself says it."""

    common_name: str = ""
    given_name: str = ""
    surname: str = ""
    title: str = ""
    organisation: str = ""
    organisation_id: str = ""
    siren: str = ""
    purpose: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Each way in which the certificate may name a person; none for what says that it is a body's seal."""
        if self.purpose == "eseal":
            return ()
        full = f"{self.given_name} {self.surname}" if self.given_name and self.surname else ""
        return tuple(dict.fromkeys(filter(None, (self.common_name, full))))

    @property
    def is_seal(self) -> bool:
        """Whether it is a body's: it says so, or names an organisation registered under a number and no person."""
        if self.purpose:
            return self.purpose == "eseal"
        named = self.given_name or self.surname
        return not named and bool(self.organisation) and bool(self.organisation_id)

    @property
    def words(self) -> str:
        """The holder in a few words, as every page shows it."""
        if self.is_seal:
            who = f"cachet de {self.organisation or self.common_name}"
            others = [self.common_name] if self.common_name != self.organisation else []
        else:
            who, others = next(iter(self.names), "sans nom"), [self.title, self.organisation]
        return ", ".join(filter(None, (who, *others, f"SIREN {self.siren}" if self.siren else self.organisation_id)))

    def as_payload(self) -> dict[str, str]:
        """What is kept of it: what the certificate says, and nothing that it does not."""
        return {name: value for name, value in asdict(self).items() if value}
