"""The help screen: the keys of a screen, and the words and symbols explained."""

from textwrap import wrap

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from gradstep.tui.drawing.palette import DIM, PLAIN, STRONG
from gradstep.tui.keymap import Key

LEAST_TABLE = 60
"""The width in cells below which the help is a list instead of a table of two columns."""

WORDS = (
    ("step", "one update: the network looks at one batch and moves every weight a little"),
    ("epoch", "one pass over all training examples"),
    ("batch", "the examples that one step looks at"),
    ("loss", "how wrong the network is, one number; training makes it smaller"),
    ("training, test", "the examples it learns from, and those kept back to see whether it understood"),
    ("above the curve", "training: the loss of the newest batch; test: the newest loss on all test examples"),
    ("rate", "the learning rate α: how far one step goes"),
    ("pace", "how many steps it makes a second, so that you can watch"),
    ("neuron", "multiplies each input by a weight, adds them up and adds its bias b: z; its output is a = f(z)"),
    ("relu, softmax …", "activations: the function f of a layer; softmax gives probabilities that add up to 1"),
    ("‖∇W‖", "the length of the gradient: how steeply the loss changes with a layer's weights"),
    ("‖ΔW‖/‖W‖", "how far the last step moved the weights, relative to their size; about 0.001 is healthy"),
    ("silent", "neurons that gave 0 for every example of the batch, and so learn nothing"),
    ("saturated", "neurons at the flat end of their curve, where the slope is nearly 0"),
    ("z", "the pre-activation of a neuron: its weighted inputs and its bias, added up"),
    ("a", "the activation of a neuron: its output, a = f(z)"),
    ("x, y, ŷ", "the input, the target, and the output: what should come out, and what does"),
    ("W, w, b", "the weight matrix of a layer, one weight, and a bias"),
    ("E, L", "the loss of one example, and the mean over the batch"),
    ("δ", "delta, ∂E/∂z: how the loss of an example changes with the z of a neuron"),
    ("∂E/∂w", "the gradient of E: how much E changes when w grows a little, per unit of w"),
    ("g", "the gradient of a weight: the mean of ∂E/∂w over the batch, and what l1 and l2 add"),
    ("f′", "the derivative of f: its slope at z"),
    ("Σ", "the sum over all of them"),
    ("blue, orange", "positive and negative; a dashed line, ○ and − are negative too"),
)


class HelpScreen(ModalScreen[None]):
    """Shows a table of keys, and the words below it."""

    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (80, "wide")]  # noqa: RUF012
    BINDINGS = [Binding("escape,q,question_mark,f1,enter,space", "dismiss", "Close")]  # noqa: RUF012

    def __init__(self, keys: tuple[Key, ...]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(_Help(self._keys))

    def on_mount(self) -> None:
        scroll = self.query_one("#help")
        scroll.border_title = "Help"
        scroll.border_subtitle = "esc closes, ↑ ↓ scroll"
        scroll.focus()


class _Help:
    """The keys and the words as a table, or in a narrow window as a list with the meaning after each word."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        groups = dict.fromkeys(key.group for key in keys)
        self._parts: dict[str, list[tuple[str, str]]] = {
            group: [(key.shown, key.does) for key in keys if key.group == group] for group in groups
        }
        self._parts["Words"] = list(WORDS)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield (self._table() if options.max_width >= LEAST_TABLE else self._list(options.max_width))

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column()
        for title, entries in self._parts.items():
            table.add_row(Text(f"\n{title}" if table.row_count else title, DIM))
            for word, meaning in entries:
                table.add_row(Text(word, STRONG), Text(meaning, PLAIN))
        return table

    def _list(self, width: int) -> Text:
        lines: list[Text] = []
        for title, entries in self._parts.items():
            lines += [*([Text()] if lines else []), Text(title, DIM)]
            for word, meaning in entries:
                text = Text("\n".join(wrap(f"{word}  {meaning}", width, subsequent_indent="   ")), PLAIN)
                text.stylize(STRONG, 0, len(word))
                lines.append(text)
        return Text("\n").join(lines)
