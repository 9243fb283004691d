"""What runs, how much of it since when, at which prices given, and what was announced of it: all dated, none
overwritten.
"""

from tripartite.subscriptions.models.notices import Notice
from tripartite.subscriptions.models.prices import GivenPrice
from tripartite.subscriptions.models.running import (
    EndNote,
    QuantityChange,
    ReadChange,
    ReadSubscription,
    Subscription,
    SubscriptionRow,
)

__all__ = [
    "EndNote",
    "GivenPrice",
    "Notice",
    "QuantityChange",
    "ReadChange",
    "ReadSubscription",
    "Subscription",
    "SubscriptionRow",
]
