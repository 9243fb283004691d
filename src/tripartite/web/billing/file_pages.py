"""A page that reads a file of the accountant's world at once: without writing, or for good; then says what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.web.billing.own import can, own_issuer
from tripartite.web.shell.access import actor_of
from tripartite.web.shell.acting import act_on


@dataclass(frozen=True, slots=True)
class FilePage:
    """What it is written on, the form that takes the file (`file`), and of how many bytes at most that is read."""

    template: str
    form: type[forms.Form]
    largest: int

    def show(
        self,
        request: HttpRequest,
        form: forms.Form | None = None,
        *,
        told: dict[str, Any] | None = None,
        dry: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """The page, and under it what was `told` of a file."""
        context = {"issuer": own_issuer(request), "form": form or self.form(), "dry": dry, "can": can(request)}
        return render(request, self.template, context | (told or {}), status=status)

    def read(self, request: HttpRequest, form: forms.Form, service: Callable[..., dict[str, Any]]) -> HttpResponse:
        """Note what the file of `form` says by `service`, or only tell it where « dry » was asked; then show it."""
        dry = "dry" in request.POST

        def act() -> HttpResponse:
            upload = form.cleaned_data["file"]
            told = service(
                issuer=own_issuer(request).code,
                name=upload.name or "",
                content=upload.read(self.largest + 1),
                actor=actor_of(request),
                at=timezone.now(),
                dry=dry,
            )
            return self.show(request, told=told, dry=dry)

        return act_on(request, act, form=form, field="file") or self.show(request, form, status=422)
