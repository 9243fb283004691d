"""Days and months on screens. A day asked by the address (`?on=2027-03-26`): what is none is said, today is shown."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from tripartite.typed import day_within

NOT_A_DAY = "Écrivez une date entre 2000 et 2150, par exemple 26/03/2027."


def asked_day(request: HttpRequest) -> tuple[date, str]:
    """The day of the address, today by default; and what is wrong with it, « » when nothing is."""
    typed = request.GET.get("on", "").strip()
    if not typed:
        return timezone.localdate(), ""
    found = day_within(typed)
    return (found, "") if found else (timezone.localdate(), NOT_A_DAY)
