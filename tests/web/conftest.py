"""What the tests of the screens start from: an offer in force, somebody logged in, the text of a page."""

import html
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.factories import accounts, quotes
from tripartite.accounts.rights import Role


@pytest.fixture
def offer(db: None) -> Any:
    """The grid adopted, its issuers complete, a dozen communes. Answers the pure grid."""
    return quotes.offer()


@pytest.fixture
def log_in() -> Callable[..., Client]:
    """Answers a browser where somebody of that role and issuer is logged in."""

    def log_in(role: Role = Role.AGENT, issuer_code: str = "cdg62") -> Client:
        client = Client()
        client.force_login(accounts.account(role=role, issuer_code=issuer_code))
        return client

    return log_in


@pytest.fixture
def agent(offer: Any, log_in: Callable[..., Client]) -> Client:
    """An agent of the CDG at its screens, the offer in force."""
    return log_in()


@pytest.fixture
def asked(offer: Any) -> Iterator[Any]:
    """The request D-2026-00005, one of its lines for the operator to price."""
    with time_machine.travel(quotes.AT, tick=False):
        yield quotes.request(quotes.WITH_STORAGE_ON_REQUEST)


def words(answer: Any) -> str:
    """What a page says, as a person reads it: no tags, single spaces, no-break ones included."""
    body = answer if isinstance(answer, str) else answer.content.decode()
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", body, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(text)).strip()


def part(answer: Any, identifier: str) -> str:
    """The words of the element of that identifier."""
    reader = _Part(identifier)
    reader.feed(answer.content.decode())
    assert reader.found, f"no element « {identifier} »"
    return " ".join("".join(reader.texts).split())


class _Part(HTMLParser):
    """Gathers the texts of one element and of all that it holds."""

    VOID = frozenset({"area", "br", "hr", "img", "input", "link", "meta"})

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.identifier, self.found, self.depth = identifier, False, 0
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.depth and ("id", self.identifier) in attrs:
            self.found, self.depth = True, 1
        elif self.depth and tag not in self.VOID:
            self.depth += 1
            self.texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag not in self.VOID:
            self.depth -= 1
            self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.texts.append(data)


def errors(answer: Any) -> str:
    """The summary of errors at the head of a form; empty where there is none."""
    found = re.search(r'class="error-summary".*?</div>', answer.content.decode(), re.DOTALL)
    return words(f"<p {found[0]}") if found else ""


@pytest.fixture
def operator(log_in: Callable[..., Client]) -> Client:
    """An agent of the operator, whose line the extra storage is."""
    return log_in(issuer_code="lfn")
