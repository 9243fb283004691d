class SubscriptionError(Exception):
    """What cannot be done with what goes live or runs; the message is French and says why."""
