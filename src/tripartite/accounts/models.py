"""Accounts: who may come in, for which issuer and in which role."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from tripartite.accounts.rights import Role


class User(AbstractUser):
    """A person of one of the issuers. The e-mail address is the name by which one logs in."""

    email = models.EmailField(unique=True)
    issuer = models.ForeignKey("parties.Issuer", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role], default=Role.AGENT)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ("username",)

    def __str__(self) -> str:
        return self.get_full_name() or self.email
