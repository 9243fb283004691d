"""What is given to be read outside: calendars for calendar programs, letters for deadlines."""

from tripartite.subscriptions.printout.calendars import deadlines_calendar, interventions_calendar
from tripartite.subscriptions.printout.letter import LetterPaper, Service, deadline_letter

__all__ = [
    "LetterPaper",
    "Service",
    "deadline_letter",
    "deadlines_calendar",
    "interventions_calendar",
]
