"""A document as one HTML file that loads nothing, with a style sheet for the screen and for paper."""

from collections.abc import Iterator
from html import escape

from gradstep.tui.handout.document import (
    BLANK,
    WORKING,
    Block,
    Code,
    Document,
    Formulas,
    Heading,
    PageBreak,
    Table,
    Words,
)
from gradstep.tui.handout.formula_parts import Part, split_formula
from gradstep.tui.handout.network_drawing import NetworkDrawing
from gradstep.tui.handout.network_svg import draw_svg

STYLE = """
@page { size: A4; margin: 13mm 17mm }
body { font: 10.5pt/1.35 "DejaVu Serif", Georgia, "Times New Roman", serif; color: #000; background: #fff;
  max-width: 174mm; margin: 8mm auto; padding: 0 4mm }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 3mm }
h2 { font-size: 12.5pt; margin: 4.5mm 0 1mm; border-bottom: .5pt solid #000; break-after: avoid }
h3 { font-size: 10.5pt; margin: 3mm 0 .5mm; break-after: avoid }
span.beside { font-weight: normal; margin-left: 6mm; white-space: pre; display: inline-block }
p { margin: 1mm 0 } p.note { font-size: 9.5pt }
p.formula { margin: .5mm 0 .5mm 6mm; break-inside: avoid }
p.formula span.line { display: block; white-space: pre-wrap; padding-left: 8mm; text-indent: -8mm }
i { font-family: "DejaVu Serif", Georgia, "Times New Roman", serif }
p.formula + p.formula { break-before: avoid }
code { font: 9pt "DejaVu Sans Mono", Menlo, Consolas, monospace; margin-left: 6mm }
sup { font-size: 75%; line-height: 0 }
table { border-collapse: collapse; margin: 1mm 0 1.5mm 6mm; font-size: 10pt; break-inside: avoid }
caption { text-align: left; white-space: nowrap; font-size: 9.5pt; padding-bottom: .5mm }
th, td { border: .5pt solid #777; padding: .6mm 2mm; text-align: right; font-weight: normal }
th { background: #f0f0f0 } td.marked { font-weight: bold }
.blank, .working { display: inline-block; vertical-align: text-bottom }
.blank { width: 24mm; height: 4.5mm; border-bottom: .7pt solid #000 }
td .blank { height: 6mm; border: 0 }
.working { width: 90mm; height: 6.5mm; border-bottom: .5pt dotted #555 }
svg { display: block; margin: 1mm auto; max-width: 100%; height: auto; break-inside: avoid }
div.page { break-before: page }
@media print { body { margin: 0; padding: 0; max-width: none } }
"""

SIGNS = {BLANK: '<span class="blank"></span>', WORKING: '<span class="working"></span>'}


def write_html(document: Document) -> str:
    """Return the file."""
    body = "\n".join(_write_block(block) for block in document.blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width"/>\n'
        f"<title>{escape(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _write_block(block: Block) -> str:
    match block:
        case Heading(text, level, formula):
            beside = f'<span class="beside">{_write_formula(formula)}</span>' if formula else ""
            return f"<h{level}>{_write_words(text)}{beside}</h{level}>"
        case Words(text, is_note):
            note = ' class="note"' if is_note else ""
            return f"<p{note}>{_write_words(text)}</p>"
        case Formulas(lines):
            return (
                '<p class="formula">'
                + "".join(f'<span class="line">{_write_formula(e)}</span>' for e in lines)
                + "</p>"
            )
        case Code(text):
            return f"<p><code>{escape(text)}</code></p>"
        case Table():
            return "".join(_write_table(block))
        case NetworkDrawing():
            return draw_svg(block)
        case PageBreak():
            return '<div class="page"></div>'


def _write_words(text: str) -> str:
    return "".join(SIGNS.get(each, escape(each)) for each in text)


def _write_formula(text: str) -> str:
    return "".join(map(_write_part, split_formula(text)))


def _write_part(part: Part) -> str:
    text = _write_words(part.text)
    match part.kind:
        case "power of ten":
            return f"{text}·10<sup>{part.exponent}</sup>"
        case "exponent":
            return f"<sup>{_write_formula(_without_brackets(part.text))}</sup>"
        case "root":
            return f"√{_write_formula(part.text)}"
        case "letter":
            return f"<i>{text}</i>"
        case _:
            return text


def _without_brackets(exponent: str) -> str:
    """Return an exponent as it is raised: brackets round the whole of it say nothing there."""
    return exponent[1:-1] if exponent.startswith("(") and exponent.endswith(")") else exponent


def _write_table(table: Table) -> Iterator[str]:
    yield f"<table>{f'<caption>{_write_words(table.caption)}</caption>' if table.caption else ''}\n<tr>"
    yield "".join(f"<th>{_write_words(each)}</th>" for each in table.header) + "</tr>\n"
    for row, (name, *cells) in enumerate(table.rows):
        yield f"<tr><th>{_write_words(name)}</th>"
        for column, cell in enumerate(cells):
            marked = ' class="marked"' if table.marked == (row, column) else ""
            yield f"<td{marked}>{_write_formula(cell)}</td>"
        yield "</tr>\n"
    yield "</table>"
