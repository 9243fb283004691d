"""« Vérifier un papier »: whether a file, or a SHA-256, is one of ours. Nothing that is sent is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.bounded.refusals import Busy
from tripartite.documents.authenticity import examine, examine_digest
from tripartite.web.shell.errors import RETRY_AFTER
from tripartite.web.verification.forms import VerificationForm


def verification(request: HttpRequest) -> HttpResponse:
    """The form, and below it what is said of the last file."""
    if request.method != "POST":
        return _page(request, VerificationForm())
    from tripartite.documents.trust_folder import trust_settings  # noqa: PLC0415 - slow to import

    form = VerificationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    upload = form.cleaned_data["file"]
    if upload is None:
        found = examine_digest(form.cleaned_data["digest"])
    else:
        try:
            found = examine(
                upload.read(), trust=trust_settings(), at=timezone.now(), fetch_revocation=False, public=True
            )
        except Busy as busy:
            answer = _page(request, form, status=503, refusal=str(busy))
            answer["Retry-After"] = RETRY_AFTER
            return answer
    return _page(request, VerificationForm(), found=found)


def _page(request: HttpRequest, form: VerificationForm, *, status: int = 200, **said: Any) -> HttpResponse:
    context = {"form": form, **said}
    answer = render(request, "web/verification/page.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
