"""Notes of the session that name keys."""

from gradstep.tui.screen_keys import name_key

AT_FIRST_STEP = "this is the first step that can be gone back to"
AT_NEWEST_STEP = f"this is the newest step: {name_key('step')} makes the next"
BACK_NO_FURTHER = f"changed; from now on {name_key('back_step')} goes back no further than step"
GOES_ON = f"{name_key('pause')} goes on"

NO_FASTER = "there is no faster pace"
NO_SLOWER = f"there is no slower pace: {name_key('step')} makes one step"

NOT_DIVERGED = f"{name_key('slower_back')} is for a run that has diverged or exploded: back to a good step and rate"
DIVERGED = (
    f"it diverged; {name_key('slower_back')}: last good step, a rate that holds · "
    f"{name_key('reset')}: back to the start"
)
"""The note where a training that has diverged is to go on. It has to fit in 80 cells."""

NO_BEST = f"no validation part, no best weights: set 'validation part' ({name_key('experiment')})"
"""The note where nothing says which weights are the best."""

NO_RATE_HOLDS = f"no smaller rate holds from this start; {name_key('experiment')}: another init, or scale standard"

WAY_BACK = f"{name_key('slower_back')}: back, smaller rate"
"""The end of the note on a divergence. It is short because the whole note has to fit in 80 cells."""
