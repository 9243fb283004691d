"""What goes live, what runs, who was visited, which keys sign: all dated, none overwritten."""

from tripartite.subscriptions.models.activations import Activation, ActivationStep, ChecklistVersion, GoneLive
from tripartite.subscriptions.models.deadlines import DeadlineLetter, DigestWish
from tripartite.subscriptions.models.interventions import CalendarFeed, DueCharge, Intervention
from tripartite.subscriptions.models.keys import SignatureKey
from tripartite.subscriptions.models.notices import Notice
from tripartite.subscriptions.models.running import QuantityChange, Subscription

__all__ = [
    "Activation",
    "ActivationStep",
    "CalendarFeed",
    "ChecklistVersion",
    "DeadlineLetter",
    "DigestWish",
    "DueCharge",
    "GoneLive",
    "Intervention",
    "Notice",
    "QuantityChange",
    "SignatureKey",
    "Subscription",
]
