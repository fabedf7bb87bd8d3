"""`gradstep worksheet`: the numbers of a sheet are those of its answers, and what is blank is answered."""

import re
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.training.update import Update
from gradstep.data.assemble import assemble
from gradstep.data.experiment import Experiment, apply_overrides, make_experiment
from gradstep.data.lesson import load_lesson
from gradstep.data.worksheet_numbers import draw_parameters_for, draw_small_experiment
from gradstep.tui.cli.main import run
from gradstep.tui.handout.document import BLANK, Block, Document, Formulas, Heading, PageBreak, Table, Words
from gradstep.tui.handout.formats import FORMATS
from gradstep.tui.handout.names import name_units
from gradstep.tui.handout.sheet_steps import DIGITS
from gradstep.tui.handout.worksheet import check_size, make_worksheet
from tests.core.arithmetic import assert_last_digit_is_right, read_equations
from tests.tui.test_hand_outs import compile_latex, read_html
from tests.tui.walking import recorded

SEEDS = range(60)
HIDDEN = ("last", "backward", "all")
SOFTMAX = make_experiment(
    {
        "data": {"x": [[0.2, 0.7], [0.9, 0.4], [0.5, 0.1]], "y": ["a", "b", "c"], "test_fraction": 0},
        "network": {"hidden": [2], "activation": "tanh"},
        "training": {"optimizer": "adam", "l2": 0.01, "batch_size": "full"},
    }
)
SMALL_LESSONS = ("mazur", "mazur-biases", "saturation", "han-kamber", "habr-xor", "goodfellow-xor", "trask")


def sheet(experiment: Experiment, hidden: str = "all", language: str = "en", answers: bool = True) -> Document:
    made = assemble(experiment)
    update = recorded(made)
    return make_worksheet(update, name_units(made), "7", hidden, language, answers)  # type: ignore[arg-type]


def split_at_answers(document: Document) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    at = next(index for index, block in enumerate(document.blocks) if isinstance(block, PageBreak))
    return document.blocks[:at], document.blocks[at:]


def lines_of(blocks: tuple[Block, ...]) -> list[str]:
    return [line for block in blocks if isinstance(block, Formulas) for line in block.lines]


def steps_of(blocks: tuple[Block, ...]) -> dict[str, list[Block]]:
    """The blocks of each micro-step by its heading."""
    found: dict[str, list[Block]] = {}
    current: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            current = found.setdefault(block.text, []) if block.level == 3 else []
        else:
            current.append(block)
    return found


def blanks_of(blocks: list[Block]) -> list[str]:
    """What is asked: the symbol of each line with a blank, or row and column of a table."""
    asked = []
    for block in blocks:
        if isinstance(block, Formulas):
            asked += [line.split(" = ")[0] for line in block.lines if BLANK in line]
        elif isinstance(block, Table):
            asked += [f"{row[0]}, {k}" for row in block.rows for k, cell in enumerate(row) if cell == BLANK]
    return asked


def answers_of(blocks: list[Block]) -> dict[str, str]:
    given = {}
    for block in blocks:
        if isinstance(block, Formulas):
            given |= {line.split(" = ")[0]: line.split(" = ")[-1] for line in block.lines}
        elif isinstance(block, Table):
            given |= {f"{row[0]}, {k}": cell for row in block.rows for k, cell in enumerate(row) if k}
    return given


EXPERIMENTS = {
    "seed 4": draw_small_experiment(4),
    "softmax": SOFTMAX,
    **{name: load_lesson(name).experiment for name in SMALL_LESSONS},
}


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_blank_has_an_answer_and_every_equation_comes_to_its_result(experiment: Experiment, hidden: str) -> None:
    asked, answered = split_at_answers(sheet(experiment, hidden))
    questions, answers = steps_of(asked), steps_of(answered)
    blank = {heading for heading, blocks in questions.items() if blanks_of(blocks)}
    assert blank == set(answers)
    for heading in blank:
        for symbol in blanks_of(questions[heading]):
            assert re.fullmatch(r"−?\d+(\.\d+)?(e[+−]\d+)?", answers_of(answers[heading])[symbol]), (heading, symbol)
    equations = read_equations(line for line in (*lines_of(asked), *lines_of(answered)) if BLANK not in line)
    assert len(equations) >= 3
    for equation in equations:
        assert_last_digit_is_right(equation, 3)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_sheet_does_not_tell_what_it_asks(hidden: str) -> None:
    for seed in range(10):
        asked, answered = split_at_answers(sheet(draw_small_experiment(seed), hidden))
        answers = {
            answer.lstrip("−") for blocks in steps_of(answered).values() for answer in answers_of(blocks).values()
        }
        lines = lines_of(asked)
        told = answers & {number for line in lines for number in re.findall(r"\d+\.\d+", line)}
        # ∂E/∂b is δ: the answer to the one is the result of the other
        assert told <= {line.split(" = ")[-1].lstrip("−") for line in lines if line.startswith("δ")}


def test_the_hidden_micro_steps_are_those_that_were_asked_for() -> None:
    def numbers(hidden: str) -> list[int]:
        asked, _ = split_at_answers(sheet(draw_small_experiment(4), hidden))
        return [int(heading.split(".")[0]) for heading, blocks in steps_of(asked).items() if blanks_of(blocks)]

    assert numbers("all") == list(range(1, 14))
    assert numbers("backward") == [6, 7, 8, 9, 10]
    assert numbers("last") == [4, 5, 10, 12, 13]


def by_hand(update: Update) -> dict[str, np.ndarray]:
    """One update of a 2-2-2 network of sigmoids with ½ Σ (y − ŷ)², every result rounded as the sheet asks it."""

    def keep(values: np.ndarray) -> np.ndarray:
        return np.array([float(f"{value:.{DIGITS}g}") for value in values.ravel()]).reshape(values.shape)

    (w1, b1), (w2, b2) = ((layer.old[:, :-1], layer.old[:, -1]) for layer in update.layers)
    x, y = update.x[0], update.y[0]

    def forward(w1, b1, w2, b2):
        hidden = keep(1 / (1 + np.exp(-keep(w1 @ x + b1))))
        return hidden, keep(1 / (1 + np.exp(-keep(w2 @ hidden + b2))))

    a1, a2 = forward(w1, b1, w2, b2)
    delta2 = keep((a2 - y) * a2 * (1 - a2))
    back = keep(w2.T @ delta2)
    delta1 = keep(back * a1 * (1 - a1))
    g1, g2 = keep(np.outer(delta1, [*x, 1])), keep(np.outer(delta2, [*a1, 1]))
    new1 = keep(update.layers[0].old - update.learning_rate * g1)
    new2 = keep(update.layers[1].old - update.learning_rate * g2)
    _, after = forward(new1[:, :2], new1[:, 2], new2[:, :2], new2[:, 2])
    return {
        "a1": a1, "a2": a2, "E": keep(np.sum((y - a2) ** 2) / 2), "δ2": delta2, "back": back, "δ1": delta1,
        "g1": g1, "g2": g2, "new1": new1, "new2": new2, "after": after,
    }  # fmt: skip


def test_who_rounds_every_result_as_the_sheet_says_gets_its_answers() -> None:
    for seed in SEEDS:
        update = recorded(assemble(draw_small_experiment(seed)))
        exact = list_results(update)
        for name, values in by_hand(update).items():
            # the last two of five digits may differ
            assert np.abs(values / exact[name] - 1).max() < 1e-3, (seed, name)


def list_results(update: Update) -> dict[str, np.ndarray]:
    one, two = update.layers
    return {
        "a1": one.a[0], "a2": two.a[0], "E": update.losses[0], "δ2": two.delta[0], "δ1": one.delta[0],
        "back": one.activation_gradient[0], "g1": one.gradient, "g2": two.gradient, "new1": one.new, "new2": two.new,
        "after": update.activations_after[-1][0],
    }  # fmt: skip


def test_the_numbers_of_a_sheet_are_round_and_no_result_is_degenerate() -> None:
    for seed in SEEDS:
        assert_plain(recorded(assemble(draw_small_experiment(seed))))


def assert_plain(update: Update) -> None:
    given = np.concatenate([update.x.ravel(), update.y.ravel(), *(layer.old.ravel() for layer in update.layers)])
    assert np.allclose(given * 10, np.round(given * 10), atol=1e-12)
    assert (given != 0).all()
    for layer in update.layers:
        assert (np.abs(layer.a - 0.5) < 0.4).all()
        assert np.abs(layer.delta).min() > 0.003
        assert len({f"{abs(delta):.3g}" for delta in layer.delta.ravel()}) == 2
    assert update.loss_after < update.loss


def test_the_same_seed_gives_the_same_sheet_and_another_seed_another() -> None:
    assert draw_small_experiment(5) == draw_small_experiment(5)
    assert len({draw_small_experiment(seed).model_dump_json() for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("name", SMALL_LESSONS)
def test_a_seed_gives_a_lesson_round_weights_and_keeps_its_data(name: str) -> None:
    lesson = load_lesson(name).experiment
    one, other = draw_parameters_for(lesson, 1), draw_parameters_for(lesson, 2)
    assert one.network.weights != other.network.weights != lesson.network.weights
    assert (one.data.x, one.data.y) == (lesson.data.x, lesson.data.y)
    weights = np.concatenate([np.ravel(matrix) for matrix in one.network.weights or ()])
    assert np.allclose(weights * 10, np.round(weights * 10))
    if not lesson.network.train_biases:
        assert one.network.biases == lesson.network.biases


def test_frozen_biases_are_not_asked() -> None:
    asked, _ = split_at_answers(sheet(load_lesson("mazur").experiment))
    tables = [block for block in asked if isinstance(block, Table) and block.header[0].startswith("W")]
    assert [row[-1] for table in tables for row in table.rows] == ["0.35", "0.35", "0.6", "0.6"]


def test_what_the_other_examples_of_a_batch_add_is_given() -> None:
    experiment = load_lesson("trask").experiment
    update = recorded(assemble(experiment))
    asked, _ = split_at_answers(sheet(experiment))
    i = int(np.argmax(update.losses))
    words = " ".join(block.text for block in asked if isinstance(block, Words))
    assert f"{np.delete(update.losses, i).sum():.5g}" in words
    (table,) = [block for block in asked if isinstance(block, Table) and "other 3 examples" in block.caption]
    sums = np.delete(update.layers[0].delta * update.layers[0].inputs, i, axis=0).sum(axis=0)
    assert [cell.replace("−", "-") for cell in table.rows[0][1:-1]] == [f"{each:.5g}" for each in sums]


def test_a_russian_sheet_has_no_english_words() -> None:
    lessons = [load_lesson(name).experiment for name in ("goodfellow-xor", "han-kamber")]
    softmax_with_mse = apply_overrides(SOFTMAX.model_dump(), {"training.loss": "mse", "training.optimizer": "momentum"})
    for experiment in (draw_small_experiment(3), SOFTMAX, make_experiment(softmax_with_mse), *lessons):
        text = "".join(FORMATS["markdown"](sheet(experiment, hidden, "ru")) for hidden in ("last", "all"))
        words = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"```text|&nbsp;|<div.*</div>", "", text)))
        assert words <= {"sigmoid", "softmax", "tanh", "relu", "linear", "max", "ln", "momentum", "adam", "sign"}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_sheet_is_whole_in_every_format(language: str, tmp_path: Path) -> None:
    document = sheet(draw_small_experiment(4), "all", language)
    blanks = sum(len(blanks_of(blocks)) for blocks in steps_of(split_at_answers(document)[0]).values())
    assert blanks == 42
    html, markdown, latex = (FORMATS[name](document) for name in ("html", "markdown", "latex"))
    page = read_html(html)
    assert page.get("lang") == language
    assert sum(each.get("class") == "blank" for each in page.iter("span")) == blanks + 1  # the date
    assert markdown.count("____________") + markdown.count("&nbsp;" * 12) == blanks + 1
    assert len(re.findall(r"\\(?:blank|cell)\{\}", latex)) == blanks + 1
    compile_latex(latex, tmp_path)


def test_a_network_that_is_too_large_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(GradstepError, match="room for 60 weights and biases"):
        check_size(61)
    (tmp_path / "digits.toml").write_text('[data]\nname = "digits"\n')
    assert run(["worksheet", str(tmp_path / "digits.toml"), "--seed", "1"]) == 2
    assert "1,482" in capsys.readouterr().err


def test_the_command_prints_the_sheet_and_its_answers(capsys: pytest.CaptureFixture[str]) -> None:
    def printed(*arguments: str) -> str:
        assert run(["worksheet", "--language", "en", *arguments]) == 0
        return capsys.readouterr().out

    assert printed() == printed("--seed", "1", "--hide", "all", "--format", "html")
    assert printed() != printed("--seed", "2")
    assert "Answers (sheet 1)" in printed()
    assert "Answers" not in printed("--no-answers")
    assert printed("mazur", "--format", "markdown").startswith("# Worksheet: one update by hand (mazur)\n")
    assert "(mazur, sheet 3)" in printed("mazur", "--seed", "3")
