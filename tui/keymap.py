"""The keys: this one table feeds the bindings, the footer, the help screen and the command palette."""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that a key does.

    `keys` are Textual's names, comma separated; `shown` is what stands on the key. `footer` is the word under it on
    the last line of the screen, empty for none, and `does` the sentence of the help screen.
    """

    id: str
    keys: str
    shown: str
    action: str
    does: str
    footer: str = ""
    group: str = "Training"

    def binding(self) -> Binding:
        """The Textual binding; its id lets a person's keymap move the key."""
        return Binding(self.keys, self.action, self.does, show=False, key_display=self.shown, id=f"gradstep.{self.id}")


KEYS: tuple[Key, ...] = (
    Key("pause", "space", "space", "pause", "Pause the training, or go on with it", "pause"),
    Key("step", "s", "s", "step", "Make one step: one update of all weights", "step"),
    Key("epoch", "S", "S", "epoch", "Train one epoch: until every example was used once more", "epoch"),
    Key("rate_up", "plus,equals_sign", "+ =", "rate(1)", "Raise the learning rate one notch", "rate"),
    Key("rate_down", "minus", "-", "rate(-1)", "Lower the learning rate one notch", "rate"),
    Key("slower", "less_than_sign", "<", "pace(-1)", "Slower: fewer steps a second", "pace"),
    Key("faster", "greater_than_sign", ">", "pace(1)", "Faster: more steps a second, up to no limit", "pace"),
    Key("next", "n", "n", "example(1)", "Show the next example", "example", "Looking"),
    Key("previous", "p", "p", "example(-1)", "Show the previous example", "example", "Looking"),
    Key("reset", "r", "r", "reset", "Go back to the start: the same first weights", "reset"),
    Key("log_axis", "y", "y", "log_axis", "Loss axis: logarithmic or linear", "", "Looking"),
    Key("panel_1", "1", "1", "panel('architecture')", "Go to the panel Architecture", "", "Looking"),
    Key("panel_2", "2", "2", "panel('loss')", "Go to the panel Loss", "", "Looking"),
    Key("panel_3", "3", "3", "panel('gradients')", "Go to the panel Gradients", "", "Looking"),
    Key("panel_4", "4", "4", "panel('output')", "Go to the panel Output", "", "Looking"),
    Key("next_panel", "tab", "tab", "next_panel(1)", "Go to the next panel", "", "Looking"),
    Key("previous_panel", "shift+tab", "shift+tab", "next_panel(-1)", "Go to the previous panel", "", "Looking"),
    Key("maximize", "m,enter", "m enter", "fill", "Fill the screen with the panel, or go back", "", "Looking"),
    Key("back", "escape", "esc", "back", "Back to all four panels", "", "Looking"),
    Key("help", "question_mark,f1", "? F1", "help", "Show this help", "help", "Program"),
    Key("palette", "colon,ctrl+p", ": ctrl+p", "command_palette", "Find any command by its name", "", "Program"),
    Key("redraw", "ctrl+l", "ctrl+l", "redraw", "Draw the whole screen again", "", "Program"),
    Key("suspend", "ctrl+z", "ctrl+z", "suspend_process", "Back to the shell; fg returns", "", "Program"),
    Key("quit", "q,ctrl+c,ctrl+q", "q ctrl+c", "quit", "Quit; asks once while training", "quit", "Program"),
)
