"""The exit statuses of the commands."""

BAD_INPUT = 2
"""The exit status for input that cannot be used."""

STATUS_OF_ENDING = {"diverged": 3, "no_better_than_guess": 4, "interrupted": 130, "terminated": 143, "hung up": 129}
"""The exit status for each way a run can end; 0 for those that are not listed."""
