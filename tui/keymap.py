"""The keys of the training screen and of the program. Bindings, key bar, help and palette are made from these tables.

`tui/screen_keys.py` has the keys of the other screens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.binding import Binding

GROUPS_OF_SCREENS = (
    "Walkthrough",
    "Tools",
    "Weights by hand",
    "Experiment",
    "Explorer",
    "Race",
    "Luck",
    "Loss enlarged",
    "Valley",
    "Neuron",
    "Painting",
    "Importance",
    "Saved runs",
    "Compared runs",
)
"""The groups of keys that belong to one screen."""


_chosen: dict[str, tuple[str, str]] = {}
"""The keys that the user has chosen, by the id of their action: their names, and how they are written."""


def choose_keys(chosen: Mapping[str, tuple[str, str]]) -> None:
    """Use these keys, by the id of their action, instead of those of the tables: their names, and how they are written.

    Called once, before the first screen is made. Ids that are not named keep the keys of the tables.
    """
    _chosen.clear()
    _chosen.update(chosen)


@dataclass(frozen=True, slots=True)
class Key:
    """One action and its keys.

    `default_keys` are Textual's names, separated by commas, and `default_shown` is how they are written; the user may
    have chosen others. `footer` is the word on the last line of the screen, empty for none. `does` is the sentence on
    the help screen, and `group` its heading there. A key that acts `everywhere` acts in dialogs and where text is
    typed too.
    """

    id: str
    default_keys: str
    default_shown: str
    action: str
    does: str
    footer: str = ""
    group: str = "Training"
    everywhere: bool = False

    @property
    def keys(self) -> str:
        """Textual's names of the keys, separated by commas."""
        return _chosen[self.id][0] if self.id in _chosen else self.default_keys

    @property
    def shown(self) -> str:
        """How the keys are written, with spaces between them."""
        return _chosen[self.id][1] if self.id in _chosen else self.default_shown

    @property
    def names(self) -> list[str]:
        """Textual's names of the keys."""
        return self.keys.split(",")

    @property
    def owner(self) -> str:
        """Where the action is defined: "screen" for keys that belong to one screen, else "app"."""
        return "screen" if self.group in GROUPS_OF_SCREENS else "app"

    def binding(self) -> "Binding":
        """Return the Textual binding of the keys of the table."""
        # here, because `--plain`, which names keys in its advice, needs nothing of Textual
        from textual.binding import Binding

        action, id = f"{self.owner}.{self.action}", f"gradstep.{self.id}"
        return Binding(self.default_keys, action, self.does, False, self.default_shown, priority=self.everywhere, id=id)


HELP = Key("help", "question_mark,f1", "? F1", "help", "Show this help", "help", "Program")
"""The key for help, which is the same on every screen."""

VALLEY = Key("valley", "V", "V", "valley", "The valley: the loss along a step, and where it lands", "valley", "View")
"""The key for the valley of what the screen shows, which is the same on every screen that has one."""

SCREENSHOT = "Picture: write a screenshot (SVG) into the current folder"
OTHER_SCREENSHOT = "The same picture (screenshot), light for dark or the reverse"

KEYS: tuple[Key, ...] = (
    Key("pause", "space", "space", "pause", "Pause the training, or go on with it", "pause"),
    Key("step", "s", "s", "step", "Make one step: one update of all weights", "step"),
    Key("epoch", "S", "S", "epoch", "Train one epoch: until every example has been used once more", "step"),
    Key("rate_up", "plus,equals_sign", "+ =", "rate(1)", "Raise the learning rate one notch", "rate"),
    Key("rate_down", "minus", "-", "rate(-1)", "Lower the learning rate one notch", "rate"),
    Key("walk", "w", "w", "walk", "Walk through the step on the screen, number by number", "walk"),
    VALLEY,
    Key("race", "R", "R", "race", "Race several learning rates from the same start", "race"),
    Key("luck", "M", "M", "luck", "Many at once: a hundred other seeds, and how much is luck", "luck"),
    Key("sizes", "N", "N", "race('sizes')", "Compare networks of 1, 2, 4 and 16 hidden neurons", "race"),
    Key("back_step", "left_square_bracket", "[", "move(-1)", "Go back one step of this run", "rewind"),
    Key("on_step", "right_square_bracket", "]", "move(1)", "Go forward one step of what was recorded", "rewind"),
    Key("back_epoch", "left_curly_bracket", "{", "move_epoch(-1)", "Go back one epoch of this run"),
    Key("on_epoch", "right_curly_bracket", "}", "move_epoch(1)", "Go forward one epoch of what was recorded"),
    Key("best", "b", "b", "go_to_best", "Go to the best weights: the lowest validation loss so far"),
    Key("slower", "less_than_sign", "<", "pace(-1)", "Slower: fewer steps a second", "pace"),
    Key("faster", "greater_than_sign", ">", "pace(1)", "Faster: more steps a second, up to no limit", "pace"),
    Key("experiment", "e", "e", "experiment", "Change the experiment: data, network, training", "setup"),
    Key("runs", "o", "o", "runs", "The saved runs: go on with one, compare, delete", "runs"),
    Key("next", "n", "n", "example(1)", "Show the next example", "example", "View"),
    Key("previous", "p", "p", "example(-1)", "Show the previous example", "example", "View"),
    Key("output", "c", "c", "next_output", "Output: the example, the confusion matrix, the largest losses", "", "View"),
    Key("maps", "v", "v", "maps", "Each neuron's map of the plane, or its part of the curve", "", "View"),
    Key("reset", "r", "r", "reset", "Back to the same first weights; others: a seed in e, or M"),
    Key("by_hand", "x", "x", "by_hand", "Change a weight or a bias by hand, and see what happens", "weight"),
    Key("undo", "u", "u", "undo", "Undo the last change by hand, if training has not gone on since"),
    Key("slower_back", "h", "h", "go_back_slower", "Diverged or exploded: back to a good step, with a rate that holds"),
    Key("log_axis", "y", "y", "log_axis", "Loss axis: logarithmic or linear", "", "View"),
    Key("paint", "P", "P", "paint", "Paint points of your own on the map of the plane", "", "View"),
    Key("importance", "i", "i", "importance", "How important each column of the data is to the network", "", "View"),
    Key("explore", "f", "f", "explore", "Look at f and f′ of a neuron, and at the loss", "f, f′", "View"),
    Key("panel_1", "1", "1", "panel('architecture')", "Go to the panel Architecture", "", "View"),
    Key("panel_2", "2", "2", "panel('loss')", "Go to the panel Loss", "", "View"),
    Key("panel_3", "3", "3", "panel('gradients')", "Go to the panel Gradients", "", "View"),
    Key("panel_4", "4", "4", "panel('output')", "Go to the panel Output", "", "View"),
    Key("next_panel", "tab", "tab", "next_panel(1)", "Go to the next panel", "", "View"),
    Key("previous_panel", "shift+tab", "shift+tab", "next_panel(-1)", "Go to the previous panel", "", "View"),
    Key("maximize", "m,enter", "m enter", "fill", "Fill the screen with the panel, or go back", "", "View"),
    Key("back", "escape", "esc", "back", "Back to all four panels", "", "View"),
    Key("course", "L", "L", "course", "Learn how this works, step by step: the course", "learn", "Course"),
    HELP,
    Key("palette", "colon,ctrl+p", ": ctrl+p", "command_palette", "Find any command by its name", "", "Program"),
    Key(
        "save", "ctrl+s", "ctrl+s", "save", "Save the run now; it saves itself every half minute as well", "", "Program"
    ),
    Key("picture", "ctrl+o", "ctrl+o", "picture", SCREENSHOT, "", "Program", everywhere=True),
    Key("other_picture", "ctrl+y", "ctrl+y", "picture(True)", OTHER_SCREENSHOT, "", "Program", everywhere=True),
    Key("redraw", "ctrl+l", "ctrl+l", "redraw", "Draw the whole screen again", "", "Program"),
    Key("suspend", "ctrl+z", "ctrl+z", "suspend_process", "Back to the shell; fg returns", "", "Program"),
    Key("quit", "q,ctrl+c,ctrl+q", "q ctrl+c", "quit", "Quit; asks once while training", "quit", "Program"),
)

CURSOR_KEYS: tuple[Key, ...] = (
    Key("cursor_on", "right", "→", "cursor(1)", "Read the values at the next recorded step", "read", "Loss enlarged"),
    Key("cursor_back", "left", "←", "cursor(-1)", "Read the values at the previous one", "read", "Loss enlarged"),
    Key("cursor_first", "home", "home", "cursor_end(-1)", "Read the values at the first step", "", "Loss enlarged"),
    Key("cursor_last", "end", "end", "cursor_end(1)", "Read the values at the newest step", "", "Loss enlarged"),
)
"""The keys that the training screen has in addition while the loss panel fills it."""

POINTER_KEYS: tuple[Key, ...] = (
    Key("point_on", "right", "→", "point(1,0)", "Point at a neuron: in the next layer", "neuron", "Neuron"),
    Key("point_back", "left", "←", "point(-1,0)", "Point at a neuron: in the layer before", "neuron", "Neuron"),
    Key("point_up", "up", "↑", "point(0,-1)", "The neuron above", "neuron", "Neuron"),
    Key("point_down", "down", "↓", "point(0,1)", "The neuron below", "neuron", "Neuron"),
)
"""The keys that the training screen has in addition while the graph of the architecture panel has the focus."""

FOLLOW_KEYS: tuple[Key, ...] = (
    Key(
        "follow",
        "enter",
        "enter",
        "follow",
        "Follow the example one layer on; m enlarges the panel",
        "follow",
        "Neuron",
    ),
    Key("withdraw", "escape", "esc", "withdraw", "Back to the neuron, or point at none", "back", "Neuron"),
)
"""The keys that it has besides while a neuron is pointed at. They come before the same keys of KEYS."""

COACH_KEYS: tuple[Key, ...] = (
    Key("coach_back", "left_parenthesis", "(", "coach(-1)", "The previous card of the chapter", "", "Course"),
    Key("coach_on", "right_parenthesis", ")", "coach(1)", "The next card; to a question: answer it", "", "Course"),
    Key("coach_hide", "backslash", "\\", "hide_coach", "Hide the card, or show it again", "", "Course"),
)
"""The keys of the course, which act on every screen during a chapter."""

PROGRAM_KEYS: tuple[Key, ...] = tuple(key for key in KEYS if key.group == "Program")
"""The keys that work on every screen."""
