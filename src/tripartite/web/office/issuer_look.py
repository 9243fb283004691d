"""How one's own issuer is named and shown, from a day on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action
from tripartite.documents.colours import contrast, contrast_text, palette_of
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.parties.queries.looks import LABELS, look_mark, look_on, look_value, looks_of
from tripartite.parties.services.looks import set_look
from tripartite.web.office.look_forms import LookForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.deposits import read_upload
from tripartite.web.shell.seen import told_when_stale

TYPED = tuple(name for name in LABELS if name != "logo")


@requires(Action.ISSUER_SETTINGS)
def issuer_look(request: HttpRequest) -> HttpResponse:
    """An administrator sets its own issuer alone: the address names none."""
    issuer = or_404(issuer_by_code(request.user.issuer.code))  # type: ignore[union-attr]
    today = timezone.localdate()
    present = look_on(issuer.code, today)
    value, mark = look_value(present, issuer), look_mark(present, issuer)
    initial = {name: value[name] for name in TYPED} | {"applies_on": today, "made_on": mark}
    form = LookForm(request.POST or None, request.FILES or None, initial=initial, has_logo=bool(value["logo"]))

    def act() -> HttpResponse:
        typed = form.cleaned_data
        changes = {name: typed[name] for name in TYPED}
        if typed.get("without_logo"):
            changes["logo"] = ""
        with told_when_stale(form):
            set_look(
                code=issuer.code,
                changes=changes,
                logo=read_upload(typed["logo"]) if typed["logo"] else None,
                applies_on=typed["applies_on"],
                actor=actor_of(request),
                at=timezone.now(),
                seen=typed["made_on"] if typed["applies_on"] == today else None,
            )
        return say_done(request, "C'est réglé. Les papiers déjà émis gardent leur aspect.", "issuer-look")

    if answer := act_on(request, act, form=form):
        return answer
    context = {
        "form": form,
        "issuer": issuer,
        "present": present,
        "contrasts": _contrasts(value["colour"], value["dark_colour"]),
        "history": looks_of(issuer.code)[::-1],
        "mark": mark,
    }
    return render(request, "web/office/issuers/look.html", context, status=status_of(form))


def _contrasts(colour: str, dark: str) -> list[tuple[str, str, str]]:
    """Each colour in force, with the ground that it is hardest to read on and its contrast there."""
    if not colour:
        return []
    found = palette_of(colour, dark)
    return [
        ("sur fond clair", found.light.plain, contrast_text(contrast(found.light.plain, found.light.tint))),
        ("sur fond sombre", found.dark.plain, contrast_text(contrast(found.dark.plain, found.dark.tint))),
    ]
