"""The keys of each screen but the training screen."""

from gradstep.tui.keymap import COACH_KEYS, CURSOR_KEYS, FOLLOW_KEYS, HELP, KEYS, POINTER_KEYS, VALLEY, Key
from gradstep.tui.runs_keys import COMPARE_KEYS, RUNS_KEYS

WALK_KEYS: tuple[Key, ...] = (
    Key(
        "walk_on",
        "right",
        "→",
        "walk(1)",
        "The next micro-step; past the last one, the next update",
        "micro-step",
        "Walkthrough",
    ),
    Key("walk_back", "left", "←", "walk(-1)", "The previous micro-step, or update", "micro-step", "Walkthrough"),
    Key("phase_on", "end", "end", "phase(1)", "The next phase", "phase", "Walkthrough"),
    Key("phase_back", "home", "home", "phase(-1)", "Back to the beginning of the phase", "phase", "Walkthrough"),
    Key("neuron_up", "up", "↑", "neuron(-1)", "The neuron above", "neuron", "Walkthrough"),
    Key("neuron_down", "down", "↓", "neuron(1)", "The neuron below", "neuron", "Walkthrough"),
    Key("weight_on", "tab", "tab", "weight(1)", "The next weight; after the last, the bias", "weight", "Walkthrough"),
    Key("weight_back", "shift+tab", "shift+tab", "weight(-1)", "The previous weight", "", "Walkthrough"),
    Key("walk_next", "n", "n", "example(1)", "The next example of the batch", "example", "Walkthrough"),
    Key("walk_previous", "p", "p", "example(-1)", "The previous example", "example", "Walkthrough"),
    Key("batch", "t", "t", "batch", "The batch as a table: ∂E/∂w of each example, and the mean", "batch", "Tools"),
    Key("check", "g", "g", "check", "Check this gradient against a finite difference", "check", "Tools"),
    Key("hide", "h", "h", "hide", "Ask each number before it is shown, or show them again", "guess", "Tools"),
    Key("fade", "H", "H", "fade", "Ask the last number of the phase; again: the last two, up to all", "guess", "Tools"),
    Key("bug", "b", "b", "bug", "Switch on a classic bug, and see where it shows", "bug", "Tools"),
    VALLEY,
    HELP,
    Key("leave", "escape,w,q", "esc", "leave", "Back to the training", "back", "Walkthrough"),
)
"""The keys of the walkthrough. The keys of the training screen do nothing there."""

WEIGHTS_KEYS: tuple[Key, ...] = (
    Key("weights_layer_on", "right", "→", "layer(1)", "The next layer", "layer", "Weights by hand"),
    Key("weights_layer_back", "left", "←", "layer(-1)", "The previous layer", "layer", "Weights by hand"),
    Key("weights_neuron_up", "up", "↑", "neuron(-1)", "The neuron above", "neuron", "Weights by hand"),
    Key("weights_neuron_down", "down", "↓", "neuron(1)", "The neuron below", "neuron", "Weights by hand"),
    Key(
        "weights_on",
        "tab",
        "tab",
        "weight(1)",
        "The next weight; after the last, the bias",
        "weight",
        "Weights by hand",
    ),
    Key("weights_back", "shift+tab", "shift+tab", "weight(-1)", "The previous weight", "", "Weights by hand"),
    Key("weights_set", "enter", "enter", "set", "Set the number that is typed", "set", "Weights by hand"),
    Key("weights_undo", "u", "u", "undo", "Undo the last change", "undo", "Weights by hand"),
    Key("weights_next", "n", "n", "example(1)", "Show the next example", "example", "View"),
    Key("weights_previous", "p", "p", "example(-1)", "Show the previous example", "example", "View"),
    VALLEY,
    HELP,
    Key("weights_leave", "escape,x,q", "esc", "leave", "Back to the training", "back", "Weights by hand"),
)
"""The keys of the screen on which weights are changed by hand. Digits type a number there."""

RACE_KEYS: tuple[Key, ...] = (
    Key("race_up", "up", "↑", "choose(-1)", "Choose the lane above", "choose", "Race"),
    Key("race_down", "down", "↓", "choose(1)", "Choose the lane below", "choose", "Race"),
    Key("race_pick", "enter", "enter", "pick", "Go on with the chosen lane as your run", "go on with it", "Race"),
    Key(
        "race_contest",
        "b",
        "b",
        "contest",
        "Race batch sizes, network sizes, initializers, then rates again",
        "next race",
        "Race",
    ),
    Key(
        "race_pause",
        "space",
        "space",
        "race_pause",
        "Pause or go on; at the end, race as far again",
        "pause/more",
        "Race",
    ),
    Key("race_slower", "less_than_sign", "<", "race_pace(-1)", "Slower", "pace", "Race"),
    Key("race_faster", "greater_than_sign", ">", "race_pace(1)", "Faster, up to no limit", "pace", "Race"),
    Key("race_restart", "r", "r", "race_restart", "Restart the race", "restart", "Race"),
    Key("race_axis", "y", "y", "switch_axis", "Loss axis: logarithmic or linear", "", "Race"),
    VALLEY,
    HELP,
    Key("race_leave", "escape,R,q", "esc", "leave", "Back to your run, as it was", "back", "Race"),
)
"""The keys of the race. The keys of the training screen do nothing there."""

LUCK_KEYS: tuple[Key, ...] = (
    Key("luck_up", "up", "↑", "choose(-1)", "Choose the row above", "choose", "Luck"),
    Key("luck_down", "down", "↓", "choose(1)", "Choose the row below", "choose", "Luck"),
    Key("luck_left", "left", "←", "choose_seed(-1)", "Between rates: choose the seed to the left", "", "Luck"),
    Key("luck_right", "right", "→", "choose_seed(1)", "Between rates: choose the seed to the right", "", "Luck"),
    Key("luck_pick", "enter", "enter", "pick", "Go on with the chosen network as your run", "go on with it", "Luck"),
    Key(
        "luck_vary",
        "b",
        "b",
        "vary",
        "Compare initializers, then depths, then learning rates, then seeds again",
        "compare",
        "Luck",
    ),
    Key(
        "luck_pause",
        "space",
        "space",
        "luck_pause",
        "Pause or go on; at the end, train as far again",
        "pause/more",
        "Luck",
    ),
    Key("luck_axis", "y", "y", "switch_axis", "Losses: logarithmic or linear", "axis", "Luck"),
    HELP,
    Key("luck_leave", "escape,M,q", "esc", "leave", "Back to your run, which waits", "back", "Luck"),
)
"""The keys of the luck screen. The keys of the training screen do nothing there."""

EXPERIMENT_KEYS: tuple[Key, ...] = (
    Key("field_up", "up", "↑", "field(-1)", "The field above", "field", "Experiment"),
    Key("field_down", "down", "↓", "field(1)", "The field below", "field", "Experiment"),
    Key(
        "value_back",
        "left",
        "←",
        "value(-1)",
        "The previous value: smaller, or the previous choice",
        "change",
        "Experiment",
    ),
    Key("value_on", "right", "→", "value(1)", "The next value: larger, or the next choice", "change", "Experiment"),
    Key("type", "enter", "enter", "type", "Type the value, as on the command line", "type", "Experiment"),
    *(
        Key(
            f"feature_{number}",
            str(number),
            str(number),
            f"feature({number})",
            f"On features: {name} on or off",
            "",
            "Experiment",
        )
        for number, name in enumerate(("x₁", "x₂", "x₁²", "x₂²", "x₁·x₂", "sin x₁", "sin x₂"), start=1)
    ),
    Key("default", "backspace", "backspace", "restore_default", "Back to the default", "", "Experiment"),
    Key("layer_on", "plus,equals_sign", "+ =", "layer(1)", "One more hidden layer", "", "Experiment"),
    Key("layer_off", "minus", "-", "layer(-1)", "One hidden layer fewer", "", "Experiment"),
    Key(
        "apply",
        "a",
        "a",
        "apply",
        "Apply the changes to this run, or to a new one where they need it",
        "apply",
        "Experiment",
    ),
    Key("write", "w", "w", "write", "Write the experiment to a file", "file", "Experiment"),
    Key("open", "o", "o", "open", "Open an experiment file, or data", "file", "Experiment"),
    Key("copy", "y", "y", "copy", "Copy the command line that makes this experiment", "copy", "Experiment"),
    Key("page_up", "pageup,home", "pgup home", "field(-8)", "Several fields up", "", "Experiment"),
    Key("page_down", "pagedown,end", "pgdn end", "field(8)", "Several fields down", "", "Experiment"),
    HELP,
    Key("form_leave", "escape,e,q", "esc", "leave", "Back to the training, with nothing changed", "back", "Experiment"),
)
"""The keys of the experiment screen."""

EXPLORER_KEYS: tuple[Key, ...] = (
    Key("layer_before", "left", "←", "layer(-1)", "The previous layer", "layer", "Explorer"),
    Key("layer_after", "right", "→", "layer(1)", "The next layer", "layer", "Explorer"),
    Key("explorer_neuron_up", "up", "↑", "neuron(-1)", "The neuron above", "neuron", "Explorer"),
    Key("explorer_neuron_down", "down", "↓", "neuron(1)", "The neuron below", "neuron", "Explorer"),
    Key("other_f", "tab", "tab", "activation(1)", "Another activation: what if the layer had it?", "f", "Explorer"),
    Key("f_before", "shift+tab", "shift+tab", "activation(-1)", "The previous activation", "", "Explorer"),
    Key("loss_alone", "l", "l", "loss", "The loss instead of f, or both again", "loss", "Explorer"),
    *(key for key in KEYS if key.id in ("next", "previous", "pause", "step")),
    HELP,
    Key("explorer_leave", "escape,f,q", "esc", "leave", "Back to the training", "back", "Explorer"),
)
"""The keys of the explorer."""

VALLEY_KEYS: tuple[Key, ...] = (
    Key("landing_up", "plus,equals_sign", "+ =", "rate(1)", "A larger rate: the step lands further", "rate", "Valley"),
    Key("landing_down", "minus", "-", "rate(-1)", "A smaller rate: it lands closer", "rate", "Valley"),
    Key("valley_step", "s", "s", "make_step", "Make the step, and show the next valley", "step", "Valley"),
    Key("valley_back", "left_square_bracket", "[", "move(-1)", "Go back one step of the run", "rewind", "Valley"),
    Key("valley_on", "right_square_bracket", "]", "move(1)", "Go forward one recorded step", "rewind", "Valley"),
    Key("along", "l", "l", "along", "Along one weight instead of the step, or back", "one weight", "Valley"),
    Key("map", "m", "m", "map", "The map: two directions as a plane, with the run's path; or back", "map", "Valley"),
    Key("axes", "a", "a", "axes", "The map over two weights, or over the directions of the steps", "axes", "Valley"),
    Key("swap", "space", "space", "swap", "On a map of weights: choose the other weight", "", "Valley"),
    Key("valley_layer_on", "right", "→", "layer(1)", "Along a weight of the next layer", "layer", "Valley"),
    Key("valley_layer_back", "left", "←", "layer(-1)", "Along one of the previous layer", "layer", "Valley"),
    Key("valley_neuron_up", "up", "↑", "neuron(-1)", "The neuron above", "neuron", "Valley"),
    Key("valley_neuron_down", "down", "↓", "neuron(1)", "The neuron below", "neuron", "Valley"),
    Key("valley_weight_on", "tab", "tab", "weight(1)", "The next weight; after the last, the bias", "weight", "Valley"),
    Key("valley_weight_back", "shift+tab", "shift+tab", "weight(-1)", "The previous weight", "", "Valley"),
    HELP,
    Key("valley_leave", "escape,V,q", "esc", "leave", "Back, with the run where it is", "back", "Valley"),
)
"""The keys of the valley."""

PAINT_KEYS: tuple[Key, ...] = (
    Key("cursor_left", "left", "←", "cursor(-1, 0)", "Move the cursor to the left", "cursor", "Painting"),
    Key("cursor_right", "right", "→", "cursor(1, 0)", "Move it to the right", "cursor", "Painting"),
    Key("cursor_up", "up", "↑", "cursor(0, -1)", "Move it up", "cursor", "Painting"),
    Key("cursor_down", "down", "↓", "cursor(0, 1)", "Move it down", "cursor", "Painting"),
    *(Key(f"put_{n}", f"{n}", f"{n}", f"put({n})", f"A point of class {n}", "paint", "Painting") for n in range(1, 10)),
    Key("erase", "backspace,delete", "backspace", "erase", "Erase the points at the cursor", "erase", "Painting"),
    Key("hold", "m", "m", "hold", "Pick up the points at the cursor; again: put them down", "move", "Painting"),
    Key("paint_undo", "u", "u", "undo", "Undo the last change of the points", "undo", "Painting"),
    Key("keep", "enter", "enter", "keep", "Keep the run on these points, and go on with it", "keep", "Painting"),
    Key("write_points", "w", "w", "write", "Write the points to a CSV file", "file", "Painting"),
    Key("clear", "c", "c", "clear", "Erase all points", "clear", "Painting"),
    Key("paint_pause", "space", "space", "paint_pause", "Pause the training, or go on with it", "pause", "Painting"),
    HELP,
    Key("paint_leave", "escape,P,q", "esc", "leave", "Back to your run, as it was", "back", "Painting"),
)
"""The keys of the painting screen. A click on the map paints a point of the class that was painted last."""

IMPORTANCE_KEYS: tuple[Key, ...] = (
    Key(
        "columns_up",
        "up,pageup",
        "↑",
        "scroll(-1)",
        "The columns above, which are more important",
        "columns",
        "Importance",
    ),
    Key("columns_down", "down,pagedown", "↓", "scroll(1)", "The columns below", "columns", "Importance"),
    HELP,
    Key("importance_leave", "escape,i,q", "esc", "leave", "Back to the training", "back", "Importance"),
)
"""The keys of the screen with the importance of the columns."""

KEYS_BY_SCREEN: dict[str, tuple[Key, ...]] = {
    "training": (*KEYS, *COACH_KEYS, *CURSOR_KEYS, *POINTER_KEYS, *FOLLOW_KEYS),
    "walkthrough": WALK_KEYS,
    "weights": WEIGHTS_KEYS,
    "race": RACE_KEYS,
    "luck": LUCK_KEYS,
    "experiment": EXPERIMENT_KEYS,
    "explorer": EXPLORER_KEYS,
    "valley": VALLEY_KEYS,
    "paint": PAINT_KEYS,
    "importance": IMPORTANCE_KEYS,
    "runs": RUNS_KEYS,
    "compare": COMPARE_KEYS,
}
"""The keys of each screen, by the name that the course has for it; those of the whole program are with training."""

ALL_KEYS: tuple[Key, ...] = tuple(dict.fromkeys(key for keys in KEYS_BY_SCREEN.values() for key in keys))
"""The keys of all screens."""


def name_key(id: str) -> str:
    """Return the first key of an action as a sentence names it. Hints are written with it.

    Most are written when their module is imported, which is after the user's keys are known.
    """
    key = next(key for key in ALL_KEYS if key.id == id)
    shown = key.shown.split()[0]
    return "−" if shown == "-" else shown
