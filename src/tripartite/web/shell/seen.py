"""The field by which a form says on what version it was made; what was typed is kept when that is not the last."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms

from tripartite.journal.seen import StaleError
from tripartite.web.shell.fields import WordsField

CONFIRMED: dict[str, Any] = {
    "label": "Les devis sont acceptés : je modifie ce qui est demandé, et cet accord ne vaudra plus.",
    "error_messages": {
        "required": "Les devis sont acceptés : cochez pour confirmer que cet accord ne vaudra plus.",
    },
    "help_text": "Redemander ce qui était accepté rendra l'accord.",
}
"""How a form asks before what it changes undoes an acceptance."""


def seen_field() -> WordsField:
    """The mark of what the form was made on, unseen."""
    return WordsField(required=False, max_length=100, widget=forms.HiddenInput)


@contextmanager
def told_when_stale(form: forms.Form) -> Iterator[None]:
    """A stale edit is refused; the form that comes back was made on what stands now, and goes through if sent again."""
    try:
        yield
    except StaleError as stale:
        form.data = {name: form.data[name] for name in form.data} | {"made_on": stale.seen}
        raise
