"""Signs of formulas written as words and ASCII operators, for terminals without these signs.

This is done before a text is wrapped, so it may become longer. On drawings and in tables, which keep their width, a
sign becomes one character: `glyph_fallback` has these.
"""

import re
import unicodedata
from typing import Final

SIGNS: Final = {
    "½": "0.5", "√": "sqrt", "∞": "inf", "≥": ">=", "≤": "<=", "±": "+-", "‖": "||", "ŷ": "yhat", "…": "...",
    "→": "->", "←": "<-", "↦": "->", "↑": "up", "↓": "down", "\N{COMBINING CIRCUMFLEX ACCENT}": "hat",
    "α": "alpha", "γ": "gamma", "δ": "delta", "Δ": "Delta", "ε": "eps", "θ": "theta", "μ": "mu", "π": "pi",
    "ρ": "rho", "σ": "sigma", "Σ": "sum", "∇": "grad",
}  # fmt: skip

NAMES = "αγδΔεθμπρσΣ∇"
"""Signs that become words, with a blank between them and a letter."""

SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀ]+")
SUBSCRIPT = re.compile(r"([₀₁₂₃₄₅₆₇₈₉₊ᵢⱼₖₙ]+)([^\W\d_]?)")

_in_words = False


def spell_signs(in_words: bool) -> None:
    """Say whether `spell_out` changes anything. Called before the first screen is made."""
    global _in_words
    _in_words = in_words


def is_in_words() -> bool:
    """Return whether `spell_out` writes signs as words."""
    return _in_words


def spell_out(text: str) -> str:
    """Return the text with its signs as words, if the terminal has no signs: ½ Σᵢ zᵢ² is 0.5 sum_i z_i^2."""
    if not _in_words or text.isascii():
        return text
    text = unicodedata.normalize("NFC", text).replace("ŝ", "shat")
    text = SUPERSCRIPT.sub(lambda match: "^" + _flatten(match[0]), text)
    text = SUBSCRIPT.sub(lambda match: f"_{_flatten(match[1])}{' ' * bool(match[2])}{match[2]}", text)
    text = re.sub(rf"(?<=[^\W_])(?=[{NAMES}])|(?<=[{NAMES}])(?=[^\W\d_])|(?<=√)(?=\w)", " ", text)
    return "".join(SIGNS.get(sign, sign) for sign in text)


def _flatten(signs: str) -> str:
    return unicodedata.normalize("NFKD", signs).replace("−", "-")
