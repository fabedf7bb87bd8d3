"""The keys of the screens of the saved runs."""

from gradstep.tui.keymap import HELP, Key

RUNS_KEYS: tuple[Key, ...] = (
    Key("run_up", "up", "↑", "choose(-1)", "Choose the run above", "", "Saved runs"),
    Key("run_down", "down", "↓", "choose(1)", "Choose the run below", "", "Saved runs"),
    Key("run_resume", "enter", "enter", "resume", "Go on with the chosen run", "go on", "Saved runs"),
    Key("run_mark", "space", "space", "mark", "Mark or unmark the run, to compare or delete it", "mark", "Saved runs"),
    Key(
        "run_compare",
        "c",
        "c",
        "compare",
        "Compare the marked runs, or the chosen one with yours",
        "compare",
        "Saved runs",
    ),
    Key("run_beside", "b", "b", "beside", "Draw its curve beside yours, or stop drawing it", "beside", "Saved runs"),
    Key(
        "run_delete",
        "d,delete",
        "d",
        "delete",
        "Delete the marked runs, or the chosen one; asks first",
        "delete",
        "Saved runs",
    ),
    Key("run_page_up", "pageup,home", "pgup home", "choose(-8)", "Several runs up", "", "Saved runs"),
    Key("run_page_down", "pagedown,end", "pgdn end", "choose(8)", "Several runs down", "", "Saved runs"),
    HELP,
    Key("runs_leave", "escape,o,q", "esc", "leave", "Back to the training", "back", "Saved runs"),
)
"""The keys of the screen of the saved runs."""

COMPARE_KEYS: tuple[Key, ...] = (
    Key("compare_up", "up", "↑", "scroll(-1)", "The lines of the table above", "table", "Compared runs"),
    Key("compare_down", "down", "↓", "scroll(1)", "The lines of the table below", "table", "Compared runs"),
    Key("compare_axis", "y", "y", "compare_axis", "Loss axis: logarithmic or linear", "axis", "Compared runs"),
    Key(
        "compare_part",
        "t",
        "t",
        "compare_part",
        "The loss on the validation or test part, or that of the batches",
        "held out/training",
        "Compared runs",
    ),
    HELP,
    Key("compare_leave", "escape,c,q", "esc", "leave", "Back to the saved runs", "back", "Compared runs"),
)
"""The keys of the screen of compared runs."""
