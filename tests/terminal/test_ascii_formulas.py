"""On a real terminal with ASCII only, the walkthrough writes true formulas and names the arrow keys."""

from tests.terminal.terminal import Terminal

RIGHT = "\x1b[C"


def test_the_walkthrough_writes_formulas_and_arrow_keys_in_words() -> None:
    with Terminal("walk", "mazur", "--colours", "none", TERM="vt100", LANG="C", LC_ALL="C") as terminal:
        terminal.until("right/left micro-step .* up/down neuron")
        for number in range(2, 7):
            terminal.press(RIGHT)
            terminal.until(f"{number} of 18")
        terminal.until(r"E = 0\.5 sum_i \(y_i - yhat_i\)\^2")
        for number in range(7, 11):
            terminal.press(RIGHT)
            terminal.until(f"{number} of 18")
        terminal.until(r"dE/da_j = sum_k w_kj\*delta_k")
        terminal.until(r"W\^T delta2")
        terminal.press("V")
        terminal.until(r"-alpha\*\|\|g\|\|\^2")
        assert terminal.text.isascii()
