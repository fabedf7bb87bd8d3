"""The one kind of error that is meant for the person at the keyboard."""


class GradstepError(ValueError):
    """Something a person asked for cannot be done; the message says what, where and what would be right."""
