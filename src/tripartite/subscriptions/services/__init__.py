"""What can be done with what goes live and runs. Each verb is one transaction, and journals."""

from tripartite.subscriptions.services.activations import (
    open_activations,
    open_if_in_force,
    open_renewal,
    plan_activation,
    reopen_step,
    settle_step,
    waive_step,
)
from tripartite.subscriptions.services.announcing import announce_figures, announce_tariff
from tripartite.subscriptions.services.cancelling import cancel_activation
from tripartite.subscriptions.services.charges import GivenPrice
from tripartite.subscriptions.services.checklists import adopt_checklist
from tripartite.subscriptions.services.digest import send_digest, want_digest
from tripartite.subscriptions.services.ending import (
    correct_end,
    end_all_with_convention,
    end_subscription,
    end_with_convention,
    reduce_subscription,
)
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.subscriptions.services.feeds import make_feed, revoke_feed
from tripartite.subscriptions.services.foreseeing import cost_if
from tripartite.subscriptions.services.going_live import go_live
from tripartite.subscriptions.services.interventions import (
    Recorded,
    Subject,
    cancel_intervention,
    move_intervention,
    plan_intervention,
    record_intervention,
)
from tripartite.subscriptions.services.key_renewals import renew_key
from tripartite.subscriptions.services.keys import hand_over_key, keep_holder, register_key, replace_key, revoke_key
from tripartite.subscriptions.services.preparing import keep_letter, letter_digest, prepare_renewal, preview_letter
from tripartite.subscriptions.services.taking_over import take_over_merged, take_over_subscription

__all__ = [
    "GivenPrice",
    "Recorded",
    "Subject",
    "SubscriptionError",
    "adopt_checklist",
    "announce_figures",
    "announce_tariff",
    "cancel_activation",
    "cancel_intervention",
    "correct_end",
    "cost_if",
    "end_all_with_convention",
    "end_subscription",
    "end_with_convention",
    "go_live",
    "hand_over_key",
    "keep_holder",
    "keep_letter",
    "letter_digest",
    "make_feed",
    "move_intervention",
    "open_activations",
    "open_if_in_force",
    "open_renewal",
    "plan_activation",
    "plan_intervention",
    "prepare_renewal",
    "preview_letter",
    "record_intervention",
    "reduce_subscription",
    "register_key",
    "renew_key",
    "reopen_step",
    "replace_key",
    "revoke_feed",
    "revoke_key",
    "send_digest",
    "settle_step",
    "take_over_merged",
    "take_over_subscription",
    "waive_step",
    "want_digest",
]
