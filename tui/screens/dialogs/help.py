"""The help screen: the keys of a screen, and the words and symbols."""

from functools import lru_cache
from textwrap import wrap

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from gradstep.tui.drawing.limit_words import LIMIT_WORDS, LUCK_WORDS, RACE_WORDS
from gradstep.tui.drawing.palette import DIM, PLAIN, STRONG
from gradstep.tui.drawing.spelling import is_in_words, spell_out
from gradstep.tui.drawing.strips import make_line
from gradstep.tui.keymap import Key
from gradstep.tui.widgets.dialog import Dialog

LEAST_TABLE = 60
"""Below this width in cells the help is a list instead of a table of two columns."""

WIDTHS_AT_ONCE = 2
"""The layout asks for the height with a scroll bar and without one."""

GAP = 2
"""Cells between its columns."""

WORDS_TITLE = "Words"
WORDS = (
    ("step", "one update: the network looks at one batch and changes its weights a little"),
    ("epoch", "one pass over all training examples"),
    ("batch", "the examples that one step looks at"),
    ("loss", "how wrong the network is, one number; training makes it smaller"),
    ("training, test", "the examples it learns from, and those held out to see how it does on new ones"),
    ("validation", "examples held out to decide by: when to stop, and which weights are best (b)"),
    (
        "above the curve",
        "training: the loss of the newest batch before its step; validation, test: the newest loss on that whole part",
    ),
    ("✓, ✗", "predicted right, wrong; above the curve ✓ is the accuracy: the share of that part predicted right"),
    (
        "precision, recall",
        "of a class: how many of those predicted to be of it are, and how many of it are found; F1 is high if both are",
    ),
    ("◆, ▲", "on the loss plot: the lowest held-out loss; a loss so high that the axis leaves it out, with its step"),
    ("rate", "the learning rate α: how far one step goes"),
    ("pace", "how many steps the training makes a second; slow enough, you can watch"),
    ("neuron", "multiplies each input by a weight, adds up the products and its bias b: z; its output is a = f(z)"),
    ("relu, softmax …", "activations: the function f of a layer; softmax gives probabilities that add up to 1"),
    ("cross-entropy", "a loss for classes: −ln of the output of the target class, so 0 where that output is 1"),
    ("mse, half_sse", "losses: the mean of the squared differences of ŷ and y; half of their sum"),
    ("sgd", "the optimizer without a memory: it subtracts α·g from each weight, g of one batch at a time"),
    ("momentum, adam", "optimizers that remember earlier gradients: v, m, s; momentum goes on in their direction"),
    ("l1, l2", "terms added to the loss that grow with |w| or w², so that the weights stay small"),
    (
        "NaN, inf",
        "no number any more, as 0/0, and infinite: a computation has left the range of the computer's numbers",
    ),
    ("tangent", "the straight line that touches a curve at a point, with its slope there"),
    ("promised", "in the valley: how much the loss would change if it went along the tangent to where the step lands"),
    ("Δw", "the change of a weight: what a step adds to it"),
    ("‖ ‖", "around a list of numbers: its length, the root of the sum of their squares"),
    ("‖∇W‖", "the length of the gradient: how steeply the loss changes with a layer's weights"),
    ("‖g‖", "the length of the gradient g of all weights and biases: the root of the sum of its squares"),
    *LIMIT_WORDS,
    ("∇W, ΔW/W, satur.", "on a narrow panel: ‖∇W‖, ‖ΔW‖/‖W‖ and saturated"),
    *RACE_WORDS,
    (
        "flat after a leap",
        "in a race: often the leap has made all relus of a layer silent for good; then the loss stays near that of a "
        "constant guess",
    ),
    *LUCK_WORDS,
    ("z", "the pre-activation of a neuron: its weighted inputs and its bias, added up"),
    ("a", "the activation of a neuron: its output, a = f(z)"),
    ("x, y, ŷ", "the input, the target, and the output: what should come out, and what does"),
    ("W, w, b", "the weight matrix of a layer, one weight, and a bias"),
    ("a1, a₁", "a number behind a letter is that of a layer, a subscript that of a neuron, input or output"),
    ("E, L", "the loss of one example, and that of the batch: the mean of E, and what l1 and l2 add"),
    ("N, K", "the number of examples in the batch, and of outputs of the network"),
    ("δ", "delta, ∂E/∂z: how the loss of an example changes with the z of a neuron"),
    (
        "∂E/∂w",
        "the gradient of E: how much E changes per unit of w, for a small change; it is δ·a, in proportion to the a "
        "that comes in; the example asks for −∂E/∂w",
    ),
    (
        "chain rule",
        "∂E/∂w = ∂E/∂a·∂a/∂z·∂z/∂w: how E changes with a, a with z, and z with w; ∂z/∂w is the input of the weight",
    ),
    ("g", "the gradient of a weight or bias: the mean of ∂E/∂w over the batch, and what l1 and l2 add"),
    ("f′", "the derivative of f: its slope at z"),
    ("θ", "any parameter: a weight or a bias"),
    (
        "v, m, s",
        "what an optimizer remembers of a parameter: velocity, running mean of g, running mean of g²",
    ),
    ("numpy …", "in grey: the line of Python that computes the same with numpy, for all examples and neurons at once"),
    ("W1|b1 2 × 3", "in tables: W1 (2 × 2), and b1 as its last column; 2 rows and 3 columns"),
    (
        "W·x + b",
        "of one example; in tables an example is a row of x, so numpy writes x @ W.T + b for all of them at once",
    ),
    ("ᵀ", "transposed: rows and columns change places"),
    ("ex, in, n", "in tables: an example of the batch, an input of a layer, a neuron of a layer"),
    ("px 3,6", "in tables: the pixel in row 3, column 6 of an image"),
    ("Σ", "the sum of all such terms"),
    ("28 of 64", "over a layer of the graph: 28 of its 64 neurons have room and are drawn, an even choice of them"),
    ("blue, orange", "positive and negative; a dashed line, ○ and − are negative too"),
)

SIGNS_TITLE = "Signs of this terminal, which has letters only"
SIGNS = (
    ("*", "between numbers or letters: times; between two facts it only parts them"),
    ("d", "in dE/dw: a small change of; alone or as d1, in drawings and headings: delta"),
    ("Y", "in drawings and headings: yhat, the output"),
    ("a, S, h, 2", "in drawings with no room for words, they may be alpha, the sum, 0.5 and the square"),
    ("sum_i", "the sum of what follows, for each i"),
    ("z_2", "z with the subscript 2; 10^-6 and W^T have the superscripts -6 and T"),
    ("||g||", "the length of g"),
    ("@, O, o", "dots: filled, ringed and empty"),
    ("v, x", "a tick and a cross: right, wrong"),
    ("~", "about, before a number; at the end of a text: the rest has no room"),
    ("^, <, >", "on drawings: arrows that point up, left and right; in the key bar they are keys"),
)
"""What stands for what where signs are spelled out."""


class HelpScreen(Dialog[None]):
    """Shows the keys of one screen, and the words."""

    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (80, "wide")]  # noqa: RUF012
    BINDINGS = [  # noqa: RUF012
        Binding("escape,q,question_mark,f1,enter,space", "dismiss", "Close"),
        Binding("w", "words", "Words"),
    ]

    def __init__(self, keys: tuple[Key, ...]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield HelpText(self._keys)

    def on_mount(self) -> None:
        scroll = self.query_one("#help")
        scroll.border_title = "Help"
        scroll.border_subtitle = spell_out("esc closes, ↑ ↓ scroll, w: the words")
        self.set_focus(scroll)

    def action_words(self) -> None:
        """Scroll to the list of words, which stands below the keys."""
        text = self.query_one(HelpText)
        lines = help_lines(self._keys, text.content_size.width)
        first = next(y for y, line in enumerate(lines) if line.text.strip() == WORDS_TITLE)
        self.query_one("#help").scroll_to(y=first, animate=False)


class HelpText(Widget):
    """Draws the keys and the words."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        super().__init__()
        self._keys = keys

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(help_lines(self._keys, width))

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        lines = help_lines(self._keys, width)
        line = lines[y] if y < len(lines) else Strip.blank(width)
        return line.adjust_cell_length(width).apply_style(self.rich_style)


@lru_cache(WIDTHS_AT_ONCE)
def help_lines(keys: tuple[Key, ...], width: int) -> tuple[Strip, ...]:
    """Return the lines of the help: a table of two columns, or on narrow screens each meaning after its word."""
    groups = dict.fromkeys(key.group for key in keys)
    parts = {group: [(key.shown, key.does) for key in keys if key.group == group] for group in groups}
    parts[WORDS_TITLE] = [(spell_out(word), spell_out(meaning)) for word, meaning in WORDS]
    if is_in_words():
        parts[SIGNS_TITLE] = list(SIGNS)
    column = max(len(word) for entries in parts.values() for word, _ in entries)
    lines: list[Strip] = []
    for title, entries in parts.items():
        lines += [*([Strip([])] if lines else []), make_line((title, DIM))]
        for word, meaning in entries:
            lines += _table_row(word, meaning, column, width) if width >= LEAST_TABLE else _entry(word, meaning, width)
    return tuple(lines)


def _table_row(word: str, meaning: str, column: int, width: int) -> list[Strip]:
    column += GAP
    room = max(1, width - column)
    first, *more = wrap(meaning, room) if len(meaning) > room else [meaning]
    below = [make_line((" " * column, PLAIN), (line, PLAIN)) for line in more]
    return [make_line((word.ljust(column), STRONG), (first, PLAIN)), *below]


def _entry(word: str, meaning: str, width: int) -> list[Strip]:
    first, *more = wrap(f"{word}  {meaning}", max(4, width), subsequent_indent="   ")
    below = [make_line((line, PLAIN)) for line in more]
    return [make_line((first[: len(word)], STRONG), (first[len(word) :], PLAIN)), *below]
