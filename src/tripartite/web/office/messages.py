"""The e-mails of the application: what was sent or not, as it was written; trying again what was given up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action, may
from tripartite.documents.queries import pdf_of
from tripartite.messages.queries import attachment_of, message_by_id, message_counts, message_list
from tripartite.messages.services.queueing import requeue_message
from tripartite.messages.states import LABELS, WAITING, MessageState
from tripartite.messages.veil import VEIL, without_secrets
from tripartite.quotes.queries.requests import request_by_id
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404

if TYPE_CHECKING:
    from tripartite.messages.models import Message

PAGE = 25
BADGES = {
    MessageState.QUEUED: "wait",
    MessageState.SENDING: "wait",
    MessageState.SENT: "good",
    MessageState.FAILED: "wait",
    MessageState.GIVEN_UP: "bad",
    MessageState.KEPT: "quiet",
}
SHUT_IN = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""The policy of a message shown as HTML: its own styles and nothing else, in an origin of its own."""
TABS = (
    ("attente", "En attente", WAITING),
    ("abandonnes", "Abandonnés", frozenset({MessageState.GIVEN_UP})),
    ("envoyes", "Envoyés", frozenset({MessageState.SENT})),
    ("gardes", "Gardés", frozenset({MessageState.KEPT})),
)


def shown_text(text: str, kind: str) -> str:
    """A message as an agent may read it. In local mode, where nothing is sent, it is read whole."""
    return text if settings.LOCAL else without_secrets(text, kind)


@dataclass(frozen=True, slots=True)
class Tab:
    """Messages in some states, with how many they are."""

    code: str
    label: str
    count: int


@require_GET
@requires(Action.MESSAGE_READ)
def list_messages(request: HttpRequest) -> HttpResponse:
    counts = message_counts()
    tabs = [Tab(code, label, sum(counts[state] for state in states)) for code, label, states in TABS]
    wanted = request.GET.get("file", "")
    states = next((states for code, _, states in TABS if code == wanted), frozenset())
    page = Paginator(message_list(states), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(one, _badge(one)) for one in page.object_list],
        "tabs": tabs,
        "queue": wanted if states else "",
    }
    return render(request, "web/office/messages/list.html", context)


@require_GET
@requires(Action.MESSAGE_READ)
def show_message(request: HttpRequest, message_id: int) -> HttpResponse:
    message = _message(message_id)
    context = {
        "message": message,
        "text": shown_text(message.text, message.kind),
        "veiled": not settings.LOCAL and VEIL in without_secrets(message.text, message.kind),
        "badge": _badge(message),
        "about": _about(message),
        "waiting": message.state in WAITING,
        "can_resend": message.state == MessageState.GIVEN_UP and may(request.user, Action.MESSAGE_RESEND),
    }
    return render(request, "web/office/messages/page.html", context)


@require_GET
@requires(Action.MESSAGE_READ)
def show_html(request: HttpRequest, message_id: int) -> HttpResponse:  # noqa: ARG001 - the guard reads it
    """The HTML of a message as its reader sees it, shut in: no script, no picture from elsewhere, no form, no link."""
    message = _message(message_id)
    if not message.html:
        raise Http404
    shown = shown_text(message.html, message.kind)
    return HttpResponse(shown, headers={"Content-Security-Policy": SHUT_IN, "X-Content-Type-Options": "nosniff"})


@require_GET
@requires(Action.MESSAGE_READ)
def show_attachment(request: HttpRequest, message_id: int, attachment_id: int) -> HttpResponse:  # noqa: ARG001
    attachment = or_404(attachment_of(message_id, attachment_id))
    answer = HttpResponse(pdf_of(attachment.document_id), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, attachment.name) or "inline"
    return answer


@require_POST
@requires(Action.MESSAGE_RESEND)
def resend_message(request: HttpRequest, message_id: int) -> HttpResponse:
    message = _message(message_id)

    def act() -> HttpResponse:
        requeue_message(message_id=message.pk, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Ce courriel repartira au prochain envoi.", "message", message.pk)

    return act_on(request, act) or redirect("message", message.pk)


def _message(message_id: int) -> Message:
    return or_404(message_by_id(message_id))


def _badge(message: Message) -> tuple[str, str]:
    state = MessageState(message.state)
    return BADGES[state], LABELS[state]


def _about(message: Message) -> tuple[str, str] | None:
    """The address and the words of what the message is about, where there is a page for it."""
    if message.about_kind == "request" and message.about_id.isdecimal():
        asked = request_by_id(int(message.about_id))
        return (reverse("request", args=[asked.reference]), f"Demande {asked.reference}") if asked else None
    return None
