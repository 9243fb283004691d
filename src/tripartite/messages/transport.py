"""Handing a message to the mail server: one conversation, and what it answered."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, formataddr, parseaddr
from enum import StrEnum
from socket import SHUT_RDWR, gaierror, socket
from threading import Timer
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode

from tripartite.config import MailServer, Tls, mail_server

CONVERSATION = timedelta(minutes=5)
"""The longest conversation with a server: past it, the connection is cut, whatever was being said."""
PATIENCE = 30
"""Seconds for each answer of the server."""


class Outcome(StrEnum):
    """ACCEPTED: the server has taken it. POSTPONED: not this time. REFUSED: it never will."""

    ACCEPTED = "accepted"
    POSTPONED = "postponed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """How a delivery ended; `reason`, in French, when it did not."""

    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF that goes with a message."""

    name: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """All that is to be sent."""

    sender: str
    recipient: str
    recipient_name: str
    subject: str
    text: str
    html: str
    message_id: str
    written_at: datetime
    papers: tuple[Paper, ...] = ()


class Transport(Protocol):
    """What takes a message away. It raises nothing: whatever happens is an answer."""

    def deliver(self, mail: Mail) -> Answer: ...


REFUSALS: dict[type[smtplib.SMTPResponseException], tuple[str, bool]] = {
    smtplib.SMTPDataError: ("refuse le message", True),
    smtplib.SMTPSenderRefused: ("refuse l'expéditeur de TRIPARTITE_MAIL_FROM", False),
    smtplib.SMTPAuthenticationError: ("refuse le compte de TRIPARTITE_SMTP", False),
    smtplib.SMTPResponseException: ("répond autrement qu'attendu", False),
}
"""What the server refuses, the closest first, and whether a code above 500 is final: settings can be corrected."""
FAILURES: dict[type[OSError], str] = {
    smtplib.SMTPServerDisconnected: "a coupé la conversation",
    smtplib.SMTPNotSupportedError: "n'offre pas ce que demande TRIPARTITE_SMTP",
    TimeoutError: "ne répond pas à temps",
    ConnectionRefusedError: "est injoignable : connexion refusée",
    gaierror: "est introuvable : nom inconnu",
    ssl.SSLCertVerificationError: "présente un certificat qui ne se vérifie pas",
    ssl.SSLError: "ne s'accorde pas sur le chiffrement",
}


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server of the installation."""

    server: MailServer

    def deliver(self, mail: Mail) -> Answer:
        """Hand over one message. Accepted means that the server said yes to the whole of it, and nothing less."""
        try:
            content, recipient = as_bytes(mail), _on_the_wire(mail.recipient)
        except ValueError as error:
            return Answer(Outcome.REFUSED, f"Ce message ne peut pas s'écrire en courriel ({_line(str(error))}).")
        try:
            with self._conversation() as smtp:
                smtp.sendmail(parseaddr(mail.sender)[1], [recipient], content)
        except smtplib.SMTPRecipientsRefused as refusal:
            return _refusal("refuse le destinataire", *refusal.recipients[recipient], final=True)
        except smtplib.SMTPResponseException as refusal:
            what, final = next(known for kind, known in REFUSALS.items() if isinstance(refusal, kind))
            return _refusal(what, refusal.smtp_code, refusal.smtp_error, final=final)
        except (OSError, ValueError) as error:
            what = next((words for kind, words in FAILURES.items() if isinstance(error, kind)), _line(str(error)))
            return Answer(Outcome.POSTPONED, f"Le serveur de courrier {what}.")
        return Answer(Outcome.ACCEPTED)

    @contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        """A connection, greeted, encrypted and logged in as the settings ask. What happens after the server's yes,
        its goodbye included, changes nothing.
        """
        smtp = self._connected()
        cut = Timer(CONVERSATION.total_seconds(), _cut, [smtp])
        cut.daemon = True
        cut.start()
        try:
            if self.server.tls is Tls.STARTTLS:
                smtp.starttls(context=ssl.create_default_context())
            if self.server.user:
                smtp.login(self.server.user, self.server.password)
            yield smtp
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
        finally:
            cut.cancel()
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        host, port = self.server.host, self.server.port
        if self.server.tls is Tls.IMPLICIT:
            return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=PATIENCE)


def configured_transport() -> Smtp | None:
    """The installation's mail server, None where it has none."""
    url = settings.CONFIG.smtp
    return Smtp(mail_server(url)) if url else None


def as_bytes(mail: Mail) -> bytes:
    """The message as it goes over the wire. Raises ValueError when a header would break."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=mail.sender,
        to=[formataddr((mail.recipient_name, _on_the_wire(mail.recipient)))],
        attachments=[(paper.name, paper.pdf, "application/pdf") for paper in mail.papers],
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(mail.written_at),
            "Auto-Submitted": "auto-generated",
            "Content-Language": "fr",
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own, which the stubs lack


def _on_the_wire(address: str) -> str:
    """The address with its domain in ASCII."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{punycode(domain)}"


def _cut(smtp: smtplib.SMTP) -> None:
    """From another thread: under TLS too, whatever is being read or written fails at once."""
    with suppress(OSError):
        if smtp.sock:
            socket.shutdown(smtp.sock, SHUT_RDWR)


def _refusal(what: str, code: int, words: bytes | str, *, final: bool) -> Answer:
    if code < 0:  # what smtplib makes of a line that begins with no code
        return Answer(Outcome.POSTPONED, "Le serveur de courrier répond autrement qu'attendu.")
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    outcome = Outcome.REFUSED if final and code >= 500 else Outcome.POSTPONED
    return Answer(outcome, f"Le serveur de courrier {what} : « {code} {_line(said)} ».")


def _line(words: str) -> str:
    return " ".join(words.replace("\x00", "").split())[:300]
