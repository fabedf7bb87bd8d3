"""`gradstep trace --format markdown|latex|html`: an update on paper."""

import re
import shutil
import subprocess
from itertools import cycle
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.run import Run
from gradstep.tui.cli.main import run
from gradstep.tui.handout.document import Document, Formulas, Heading, Table, Words
from gradstep.tui.handout.formats import FORMATS
from gradstep.tui.handout.formula_parts import Part, split_formula
from gradstep.tui.handout.html import write_html
from gradstep.tui.handout.latex import write_latex
from gradstep.tui.handout.latex_text import write_formula
from gradstep.tui.handout.ledger_lines import join_lines
from gradstep.tui.handout.markdown import write_markdown
from gradstep.tui.handout.names import name_units
from gradstep.tui.handout.network_drawing import NetworkDrawing
from gradstep.tui.handout.network_text import draw_text
from gradstep.tui.handout.walk_document import make_walk_document
from tests.core.arithmetic import assert_last_digit_is_right, read_equations
from tests.oracle import HIDDEN, PAIRS
from tests.tui.driving import assembled
from tests.tui.walking import lesson_run, recorded

NAMES = (r"a&b_c $x^2% ~", "<i>`|*d*</i> [x](y)", r"\foo{}#", "кот ∂ é №", "\x1b[31m", "--", "猫")
"""Names that mean something to HTML, LaTeX or Markdown, or that a font may not have."""

HTML_START = "<!DOCTYPE html>\n"


def kinds() -> list[tuple[str, str, str, str]]:
    """Every loss with every output, and every hidden activation and optimizer at least once."""
    others = zip(cycle(HIDDEN), cycle(OPTIMIZERS), strict=False)
    return [(*pair, *other) for pair, other in zip(PAIRS, others, strict=False)]


def run_with_names(folder: Path) -> Run:
    """A run on a file whose features and classes are called NAMES."""
    file = folder / "names.csv"
    quoted = ['"' + name.replace('"', '""') + '"' for name in NAMES]
    rows = [",".join(f"{(i * j) % 5}" for j in range(1, 8)) + f",{quoted[i % 7]}" for i in range(14)]
    file.write_text("\n".join([",".join([*quoted, "kind"]), *rows]), encoding="utf-8")
    return assemble(make_experiment({"data": {"path": str(file), "target": "kind"}, "network": {"hidden": [3]}}))


def document(made: Run, step: int = 1) -> Document:
    return make_walk_document(recorded(made, step), name_units(made), "an update")


def read_html(text: str) -> ElementTree.Element:
    assert text.startswith(HTML_START)
    return ElementTree.fromstring(text.removeprefix(HTML_START))


def compile_latex(text: str, folder: Path) -> None:
    """Compile with pdflatex, if it is installed, until the first error."""
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    (folder / "sheet.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]


@pytest.mark.parametrize(("loss", "output", "activation", "optimizer"), kinds())
def test_every_activation_loss_and_optimizer_can_be_printed(
    loss: str, output: str, activation: str, optimizer: str
) -> None:
    network = {"hidden": [3], "activation": activation, "output": output}
    data = {"x": [[0.5, -1.0], [1.5, 0.2]], "y": [[0.0, 1.0], [1.0, 0.0]]}
    training = {"loss": loss, "optimizer": optimizer, "batch_size": 2, "l2": 0.01}
    printed = document(assemble(make_experiment({"data": data, "network": network, "training": training})), 2)
    lines = [line for block in printed.blocks if isinstance(block, Formulas) for line in block.lines]
    for equation in read_equations(re.sub(r"   \(.*\)$", "", line) for line in lines):
        assert_last_digit_is_right(equation, 3)
    read_html(write_html(printed))
    latex = write_latex(printed)
    assert not re.search(r"[^\x00-\x7f]", latex)
    assert latex.count("{") - latex.count(r"\{") == latex.count("}") - latex.count(r"\}")
    write_markdown(printed)


def test_the_html_loads_nothing_and_has_every_number() -> None:
    made, _ = lesson_run("mazur")
    update = recorded(made)
    text = write_html(make_walk_document(update, name_units(made), "mazur"))
    page = read_html(text)
    assert not re.search(r"<(link|script|img|iframe)|href|src=|url\(|@import", text)
    cells = {"".join(cell.itertext()).replace("−", "-") for cell in page.iter("td")}
    for layer in update.layers:
        for matrix in (layer.z, layer.a, layer.delta, layer.new):
            assert {f"{value:.6g}" for value in matrix.ravel()} <= cells
    drawn = "".join(page.find(".//{*}svg").itertext())
    for number in ("0.15", "0.55", "b = 0.35", "y = 0.99", "layer 2: sigmoid"):
        assert number in drawn


def test_names_of_the_data_stay_what_they_are(tmp_path: Path) -> None:
    printed = document(run_with_names(tmp_path))
    shown = {each.replace("\x1b", "") for each in NAMES}
    page = read_html(write_html(printed))
    headings = {"".join(cell.itertext()) for cell in page.iter("th")}
    assert {name for name in shown if len(name) <= 16} <= headings
    for line in write_markdown(printed).split("\n"):
        if line.startswith("|"):
            assert not re.search(r"(?<!\\)[<*`$~]|(?<!\\)\[", line.replace("**", "")), line
    compile_latex(write_latex(printed), tmp_path)


def test_latex_gets_no_letter_that_pdflatex_has_no_font_for(tmp_path: Path) -> None:
    letters = "".join(
        map(chr, (*range(0x20, 0x7F), *range(0xA1, 0x180), *range(0x370, 0x460), 0x2202, 0x732B, 0x1F600))
    )
    written = Document("letters", (Heading(letters), Words(letters), Formulas(tuple(letters))))
    compile_latex(write_latex(written), tmp_path)


def test_rows_of_a_markdown_table_have_as_many_cells_as_its_header(tmp_path: Path) -> None:
    text = write_markdown(document(run_with_names(tmp_path)))
    for table in re.findall(r"(?:^\|.*\n)+", text, re.M):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_a_large_update_is_printed_in_part_and_says_so() -> None:
    printed = document(assembled("digits", batch_size=128))
    tables = [block for block in printed.blocks if isinstance(block, Table)]
    assert max(len(table.rows) for table in tables) == 8
    assert "z1, 128 × 16: 8 of 128 rows and 6 of 16 columns are printed" in {table.caption for table in tables}
    (drawing,) = [block for block in printed.blocks if isinstance(block, NetworkDrawing)]
    assert drawing.left_out == 59 + 11 + 11 + 5
    assert "⋮ 59 more" in "\n".join(draw_text(drawing))
    for write in FORMATS.values():
        assert "86 units are not drawn" in write(printed)


def test_the_entry_that_the_formulas_are_about_is_printed_and_marked() -> None:
    printed = document(assembled("digits", batch_size=128))
    marked = [block for block in printed.blocks if isinstance(block, Table) and block.marked]
    assert len(marked) > 10
    for table in marked:
        assert table.marked
        row, column = table.marked
        assert table.rows[row][column + 1]


def test_the_text_drawing_has_a_bus_between_columns() -> None:
    made, _ = lesson_run("mazur")
    (drawing,) = [block for block in document(made).blocks if isinstance(block, NetworkDrawing)]
    assert draw_text(drawing) == (
        "inputs        layer 1: sigmoid                 layer 2: sigmoid",
        "(x₁)  0.05 ─┬─(a₁)  w = 0.15, 0.2  b = 0.35 ─┬─(ŷ₁)  w = 0.4, 0.45  b = 0.6  y = 0.01",
        "            │                                │",
        "(x₂)  0.1 ──┴─(a₂)  w = 0.25, 0.3  b = 0.35 ─┴─(ŷ₂)  w = 0.5, 0.55  b = 0.6  y = 0.99",
    )


def test_lines_of_an_equation_are_joined_and_their_notes_kept() -> None:
    lines = ("z₂ = 0.25·0.05", "     − 0.35   the bias b", "   = −0.3375", "so:", "  w   −∂E/∂w = 0.1: up")
    assert [line.with_notes() for line in join_lines(lines)] == [
        "z₂ = 0.25·0.05 − 0.35 = −0.3375   (the bias b)",
        "so:",
        "w   −∂E/∂w = 0.1: up",
    ]


def test_a_formula_is_split_into_what_is_set_differently() -> None:
    assert list(split_formula("2e^−(−0.3)")) == [
        Part("number", "2"),
        Part("letter", "e"),
        Part("exponent", "−(−0.3)"),
    ]
    assert list(split_formula("√0.2")) == [Part("root", "0.2")]
    assert list(split_formula("1.5e−07")) == [Part("power of ten", "1.5", "−7")]


@pytest.mark.parametrize(
    ("formula", "latex"),
    [
        ("e^zᵢ", "e^{z_{i}}"),
        ("δ₁₂·a₁", r"\delta _{12}\cdot a_{1}"),
        ("f′(z)", "f'(z)"),
        ("√0.2", r"\sqrt{0.2}"),
        ("3e−05", r"3\cdot10^{-5}"),
        ("m̂", r"\hat{m}"),
        ("50% & _", r"50\text{\%}\ \allowbreak \text{\&}\ \allowbreak \text{\_}"),
    ],
)
def test_formulas_are_written_as_latex(formula: str, latex: str) -> None:
    assert write_formula(formula) == latex


@pytest.mark.parametrize("format", FORMATS)
def test_the_command_prints_the_document(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", "mazur", "--step", "2", "--format", format]) == 0
    made, _ = lesson_run("mazur")
    expected = FORMATS[format](make_walk_document(recorded(made, 2), name_units(made), "mazur"))  # type: ignore[index]
    assert capsys.readouterr().out == expected
