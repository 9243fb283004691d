"""Who was visited and what became due for it, the letters of deadlines, the calendars and the weekly letter."""

from tripartite.following.models.deadlines import DeadlineDismissal, DeadlineLetter, DigestWish
from tripartite.following.models.interventions import CalendarFeed, ChargeAnnulment, DueCharge, Intervention

__all__ = [
    "CalendarFeed",
    "ChargeAnnulment",
    "DeadlineDismissal",
    "DeadlineLetter",
    "DigestWish",
    "DueCharge",
    "Intervention",
]
