"""Accounts: who may come in, for which issuer and in which role."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from tripartite.accounts.rights import Role


class Accounts(BaseUserManager["User"]):
    """Finds an account by its address however it is capitalised."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.select_related("issuer").get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person of one of the issuers. The e-mail address, in small letters, is the name by which one logs in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    issuer = models.ForeignKey("parties.Issuer", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role], default=Role.AGENT)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = Accounts()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ("name", "created_at")

    class Meta:
        ordering = ("name", "email")
        constraints = (
            models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name="account_role"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="account_email_small_letters"),
        )

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def role_label(self) -> str:
        return Role(self.role).label
