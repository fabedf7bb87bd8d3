"""The error that tells a user what they asked for cannot be done."""


class GradstepError(ValueError):
    """What the user asked for cannot be done.

    The message says what was asked for, where, and what would be right. It is written to be shown as it is.
    """
