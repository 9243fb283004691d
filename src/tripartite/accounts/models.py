"""Who may come in: accounts of the issuers, links to one file, one-time codes, second factors, open sessions.

No secret is kept, only its hash; that of an application of codes, which must be read again, is sealed.
"""

from datetime import UTC, datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from tripartite.accounts.rights import Role


class Accounts(BaseUserManager["User"]):
    """Finds an account by its address however it is capitalised."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.select_related("issuer").get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person of one of the issuers. The e-mail address, in small letters, is the name by which one logs in.

    `password_expires_at`: when a one-time password is worth nothing any more. `warned_unused_at`: when the person was
    told that the account, unused, would be closed. `reopened_at`: a sign of life, as a log-in is.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    issuer = models.ForeignKey("parties.Issuer", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role], default=Role.AGENT)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    password_expires_at = models.DateTimeField(null=True)
    warned_unused_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = Accounts()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "created_at"]

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


class TotpSecret(models.Model):
    """The application of codes of an account (RFC 6238): its secret, sealed, and the last step whose code came in, so
    that no code comes in twice."""

    account = models.OneToOneField(User, on_delete=models.CASCADE, related_name="totp")
    sealed = models.TextField()
    last_step = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("account_id",)

    def __str__(self) -> str:
        return f"application de codes {self.pk}"

    @property
    def used_at(self) -> datetime:
        """When the last code that came in was shown, to half a minute."""
        return datetime.fromtimestamp(self.last_step * 30, UTC)


class Passkey(models.Model):
    """A passkey of an account (WebAuthn), good for the site `site` alone: its public half, and how many times it says
    to have signed (0 for those that do not count)."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    site = models.CharField(max_length=253)
    credential_id = models.CharField(max_length=1400, unique=True)
    credential = models.TextField()
    sign_count = models.BigIntegerField()
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code that comes in once, when the other factors are lost: its first group in clear, to find it, and the hash
    of the whole."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    group = models.CharField(max_length=4)
    code_hash = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("account", "group"), name="recovery_code_group"),)

    def __str__(self) -> str:
        return f"code de secours {self.pk}"


class OpenSession(models.Model):
    """A session of an account, as its owner sees it: from what, from where, since when. Ended, its row is erased."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=80)
    address = models.CharField(max_length=45)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-seen_at", "-id")

    def __str__(self) -> str:
        return self.device


class AccessLink(models.Model):
    """A secret sent to one address, good once until `expires_at`: opening it lets in to one file until `ends_at`.

    `request_id` is that of the file (a later step, hence a number); `used_at` and `ends_at` come when it is opened.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    request_id = models.PositiveBigIntegerField()
    email = models.EmailField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("request_id", "created_at"), name="access_link_file"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, ends_at__isnull=True)
                | Q(used_at__isnull=False, ends_at__gt=F("used_at")),
                name="used_link_has_its_end",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="link_lasts"),
        )

    def __str__(self) -> str:
        return f"lien {self.pk}"


class OneTimeCode(models.Model):
    """Six figures for one act of one person. `subject` is who acts, `paper` the sha256 of what is acted upon.

    The hash takes purpose, subject and paper in, so that a code given for one paper is worth nothing for another.
    One code of a subject is live at a time: `live` ends with the right answer, too many wrong ones, or a newer code.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "par courriel"
        PHONE = "phone", "par téléphone"

    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    paper = models.CharField(max_length=64)
    salt = models.CharField(max_length=32)
    code_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    live = models.BooleanField(default=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("purpose", "subject"), condition=Q(live=True), name="one_live_code"),
            models.CheckConstraint(condition=Q(used_at__isnull=True) | Q(live=False), name="used_code_is_not_live"),
        )

    def __str__(self) -> str:
        return f"code {self.pk}"


class Use(models.Model):
    """How often what anyone may use was used, by one (its hash) or by all (« »), since an instant, for `span` seconds.

    `since` is in seconds, so that one statement counts and starts again on both databases (services/attempts.py).
    """

    purpose = models.CharField(max_length=40)
    who = models.CharField(max_length=64, blank=True)
    span = models.PositiveIntegerField()
    uses = models.PositiveIntegerField()
    since = models.PositiveBigIntegerField()

    class Meta:
        ordering = ("purpose", "who", "span")
        constraints = (models.UniqueConstraint(fields=("purpose", "who", "span"), name="one_count_of_each"),)

    def __str__(self) -> str:
        return self.purpose


class NewsWish(models.Model):
    """How an account chose to be told of what waits for agents. Without a row, its rights say it (`how_told`)."""

    class How(models.TextChoices):
        AT_ONCE = "at-once", "aussitôt, un courriel à chaque fois"
        MORNING = "morning", "chaque matin, en un seul courriel"
        NEVER = "never", "jamais"

    account = models.OneToOneField(User, on_delete=models.PROTECT, related_name="news_wish")
    how = models.CharField(max_length=10, choices=How.choices)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("account_id",)
        constraints = (
            models.CheckConstraint(condition=Q(how__in=["at-once", "morning", "never"]), name="news_wish_how"),
        )

    def __str__(self) -> str:
        return f"{self.account} : {self.get_how_display()}"


class News(models.Model):
    """What an account is still to be told, the next morning. The letter that tells it deletes the row.

    `request_id` is that of the file (a later step, hence a number).
    """

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    request_id = models.PositiveBigIntegerField()
    title = models.CharField(max_length=300)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.title
