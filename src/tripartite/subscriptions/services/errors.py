class SubscriptionError(Exception):
    """What cannot be done with what runs, or with what has it run; the message is French and says why."""
