"""Words and formulas as LaTeX, for every engine: what pdflatex has no letters for is set where it can be."""

import re
from collections.abc import Iterable
from itertools import groupby

from gradstep.tui.handout.document import BLANK, WORKING
from gradstep.tui.handout.formula_parts import Part, split_formula

ESCAPES = {
    **{each: f"\\{each}" for each in "%#&_${}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
    "-": "-{}",
    "[": "{[}",
    "]": "{]}",
    "…": r"\dots{}",
    "–": "--{}",
    "—": "---{}",
    "\u201c": r"\textquotedblleft{}",
    "\u201d": r"\textquotedblright{}",
    "\u2019": r"\textquoteright{}",
    "«": r"\guillemotleft{}",
    "»": r"\guillemotright{}",
    "№": r"\textnumero{}",
    "\u00b0": r"\textdegree{}",
    "\u20ac": r"\texteuro{}",
    "\u00a3": r"\textsterling{}",
    "\u00a7": r"\S{}",
    "\u00b5": r"\textmu{}",
    "³": r"\textthreesuperior{}",
    "\u00a0": "~",
}
"""Characters as LaTeX writes them in words."""

LETTERS = {
    "α": r"\alpha", "δ": r"\delta", "θ": r"\theta", "μ": r"\mu", "ρ": r"\rho", "ε": r"\varepsilon", "σ": r"\sigma",
    "ŷ": r"\hat y", "ŝ": r"\hat s", "∂": r"\partial", "Σ": r"\textstyle\sum", "∇": r"\nabla", "∞": r"\infty",
}  # fmt: skip

SIGNS = {
    **LETTERS,
    "·": r"\cdot", "−": "-", "±": r"\pm", "×": r"\times", "½": r"\tfrac12", "≥": r"\ge", "≤": r"\le", "≈": r"\approx",
    "→": r"\to", "←": r"\leftarrow", "‖": r"\Vert", "|": r"\vert", "<": "<", ">": ">", "′": "'", "²": "^2",
    "ᵀ": r"^{\top}", "√": r"\surd", "…": r"\dots", "\u22ee": r"\vdots",
}  # fmt: skip
"""Characters as LaTeX writes them in formulas."""

SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖ", "0123456789ijk", strict=True))
FIGURES = str.maketrans(SUBSCRIPTS)
SUPERSCRIPTS = {"ᵗ": "t"}
NUMBERED = re.compile(f"[{''.join(SUBSCRIPTS)}]+")

NOT_IN_T1 = "×\u00f7\u0126\u0127\u0138Ŀŀŉ\u0166\u0167"
"""What the encoding T1 of pdflatex lacks of the Latin letters from À to ž."""

FUNCTIONS = {"ln": r"\ln ", "tanh": r"\tanh ", "max": r"\max "}

BLANKS = {BLANK: r"\blank{}", WORKING: r"\working{}"}

COMBINING_HAT = "\u0302"


def escape_words(text: str) -> str:
    """Write words, such as names of the user's, without anything that LaTeX takes for a command."""
    return "".join(_write_run(kind, "".join(run)) for kind, run in groupby(text, _find_kind))


def _find_kind(character: str) -> str:
    if character in BLANKS or character in ESCAPES or " " <= character <= "~":
        return "plain"
    if character in SIGNS or character in SUBSCRIPTS or character in SUPERSCRIPTS or character == COMBINING_HAT:
        return "formula"
    if "\u0400" <= character <= "\u045f":
        return "cyrillic"
    return "plain" if "\u00c0" <= character <= "\u017e" and character not in NOT_IN_T1 else "foreign"


def _write_run(kind: str, text: str) -> str:
    match kind:
        case "formula":
            return f"\\({_join_subscripts(map(_write_sign, text))}\\)"
        case "cyrillic":
            return f"\\cyrillic{{{text}}}"
        case "foreign":
            return "".join(f"\\foreign{{{each}}}" for each in text)
    return "".join(BLANKS.get(each) or ESCAPES.get(each, each) for each in text)


def write_words(text: str) -> str:
    """Write a sentence of the ledger's, in which symbols may stand: those with exponents are set as formulas."""
    return " ".join(
        f"\\({write_formula(word)}\\)" if re.search(r"\w\^|√.", word) else escape_words(word)
        for word in text.split(" ")
    )


def write_formula(text: str) -> str:
    """Write a line of a formula in math mode; words in it stay words."""
    return _join_subscripts(map(_write_part, split_formula(text)))


def _join_subscripts(parts: Iterable[str]) -> str:
    """Join the parts; the figures of an index that follow each other are one subscript."""
    return NUMBERED.sub(lambda run: f"_{{{run[0].translate(FIGURES)}}}", "".join(parts))


def _write_part(part: Part) -> str:
    match part.kind:
        case "power of ten":
            return f"{part.text}\\cdot10^{{{part.exponent.replace('−', '-')}}}"
        case "exponent":
            inner = part.text
            in_brackets = inner.startswith("(") and inner.endswith(")")
            return f"^{{{write_formula(inner[1:-1] if in_brackets else inner)}}}"
        case "root":
            return f"\\sqrt{{{write_formula(part.text)}}}"
        case "words":
            return FUNCTIONS.get(part.text) or f"\\text{{{escape_words(part.text)}}}"
        case "letter":
            letter, hat = part.text[0], part.text[1:]
            written = LETTERS.get(letter, letter) + (" " if letter in LETTERS else "")
            return f"\\hat{{{written}}}" if hat else written
        case "number":
            return part.text
    return _write_sign(part.text)


def _write_sign(sign: str) -> str:
    """Write a single character in math mode."""
    if sign in SUBSCRIPTS:
        return sign  # `_join_subscripts` joins those that follow each other
    if sign in SUPERSCRIPTS:
        return f"^{SUPERSCRIPTS[sign]}"
    if sign == " ":
        return "\\ \\allowbreak "
    if sign in SIGNS:
        return SIGNS[sign] + (" " if SIGNS[sign][-1:].isalpha() else "")
    if sign == COMBINING_HAT:
        return ""
    return sign if sign in "()+/=,:;!?." else f"\\text{{{escape_words(sign)}}}"
