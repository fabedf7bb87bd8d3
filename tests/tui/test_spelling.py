"""On a terminal with ASCII only, formulas and arrow keys are written so that they stay true."""

from collections.abc import Iterator

import numpy as np
import pytest

from gradstep.core.ledger.micro_step import EXAMPLES, ONLY, Matrix
from gradstep.tui.chosen_keys import ARROWS, name_arrows, write_chosen_keys
from gradstep.tui.cli.display_options import read_display_options
from gradstep.tui.drawing.card_text import wrap_card
from gradstep.tui.drawing.matrix_table import Table
from gradstep.tui.drawing.palette import PLAIN
from gradstep.tui.drawing.spelling import spell_out
from gradstep.tui.drawing.strips import flow_pieces, longest_fitting, wrap_text
from gradstep.tui.keymap import choose_keys
from gradstep.tui.screen_keys import ALL_KEYS, WALK_KEYS, name_key
from gradstep.tui.screens.dialogs import help as help_screen

OPTIONS = {"colours": "none", "background": "dark", "link": "auto"}


@pytest.fixture
def in_ascii() -> Iterator[None]:
    read_display_options(**OPTIONS, glyphs="ascii")
    help_screen.help_lines.cache_clear()
    yield
    help_screen.help_lines.cache_clear()


@pytest.mark.parametrize(
    ("formula", "spelled"),
    [
        ("E = ½ Σᵢ (yᵢ − ŷᵢ)²", "E = 0.5 sum_i (y_i − yhat_i)^2"),
        ("½·((0.01 − 0.7513)² + 1)", "0.5·((0.01 − 0.7513)^2 + 1)"),
        ("−α·‖g‖²", "−alpha·||g||^2"),
        ("∂E/∂aⱼ = Σₖ wₖⱼ·δₖ", "∂E/∂a_j = sum_k w_kj·delta_k"),
        ("Wᵀδ2", "W^T delta2"),
        ("Σᵢyᵢ", "sum_i y_i"),
        ("‖ΔW‖/‖W‖", "||Delta W||/||W||"),
        ("θ ← θ − α m̂ / (√ŝ + 1e−8)", "theta <- theta − alpha mhat / (sqrt shat + 1e−8)"),
        ("10⁻⁶", "10^-6"),
        ("Σe^u", "sum e^u"),
        ("δ₁₂, a1, a₁", "delta_12, a1, a_1"),
    ],
)
@pytest.mark.usefixtures("in_ascii")
def test_formulas_are_written_in_words_and_powers(formula: str, spelled: str) -> None:
    assert spell_out(formula) == spelled


def test_on_other_terminals_formulas_keep_their_signs() -> None:
    read_display_options(**OPTIONS, glyphs="braille")
    assert spell_out("½ Σᵢ (yᵢ − ŷᵢ)²") == "½ Σᵢ (yᵢ − ŷᵢ)²"


@pytest.mark.usefixtures("in_ascii")
def test_words_are_there_before_a_text_is_laid_out() -> None:
    drawn = [*wrap_text("δ·Σ", 7), *flow_pieces(7, ("δ", PLAIN), ("·Σ", PLAIN)), *wrap_card("`δ` Σ", 7)]
    assert [strip.text for strip in drawn] == ["delta·s", "um", "delta", "·sum", "delta", "sum"]
    assert longest_fitting(["δ δ", "δ"], 8) == "delta"


@pytest.mark.usefixtures("in_ascii")
def test_no_arrow_key_is_written_as_another_key() -> None:
    assert [name_key(id) for id in ("walk_on", "walk_back", "neuron_up", "neuron_down")] == [
        "right",
        "left",
        "up",
        "down",
    ]
    assert not [key.id for key in ALL_KEYS if set(key.shown) & set(ARROWS)]


@pytest.mark.usefixtures("in_ascii")
def test_the_course_names_arrow_keys_by_words() -> None:
    assert write_chosen_keys("Press `→`, then `↓` and `w`.", "walkthrough") == "Press `right`, then `down` and `w`."


def test_arrow_keys_that_the_user_has_chosen_are_words_too() -> None:
    choose_keys(name_arrows({"hide": ("ctrl+up", "ctrl+↑")}))
    assert name_key("hide") == "ctrl+up"
    assert name_key("walk_on") == "right"


@pytest.mark.usefixtures("in_ascii")
def test_the_help_says_what_stands_for_what() -> None:
    text = "\n".join(line.text for line in help_screen.help_lines(WALK_KEYS, 100))
    assert help_screen.SIGNS_TITLE in text
    assert not set(text) & set("δαΣ²ᵀ½→←↑↓ŷ")


def test_on_other_terminals_the_help_has_no_such_list() -> None:
    text = "\n".join(line.text for line in help_screen.help_lines(WALK_KEYS, 100))
    assert help_screen.SIGNS_TITLE not in text


@pytest.mark.usefixtures("in_ascii")
def test_headings_of_matrices_are_spelled_out() -> None:
    matrix = Matrix("Wᵀδ2", np.zeros((1, 2)), EXAMPLES, ONLY)
    assert Table(matrix, written=False).name == "W^T delta2"
