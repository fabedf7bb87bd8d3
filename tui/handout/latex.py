"""A document as LaTeX, for pdflatex, xelatex and lualatex with the packages of every distribution."""

from collections.abc import Iterator

from gradstep.tui.handout.document import BLANK, Block, Code, Document, Formulas, Heading, PageBreak, Table, Words
from gradstep.tui.handout.latex_text import escape_words, write_formula, write_words
from gradstep.tui.handout.network_drawing import NetworkDrawing
from gradstep.tui.handout.network_tikz import draw_tikz

PREAMBLE = r"""% for pdflatex, xelatex or lualatex; pdflatex needs texlive-lang-cyrillic for Cyrillic letters
\documentclass[11pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \newcommand\foreign[1]{\fbox{?}}
  \newcommand\cyrillic[1]{{\fontencoding{T2A}\fontfamily{cmr}\selectfont #1}}
  \IfFileExists{t2aenc.def}{\usepackage[T2A,T1]{fontenc}}{\usepackage[T1]{fontenc}\let\cyrillic\foreign}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\else
  \usepackage{fontspec}
  \IfFontExistsTF{CMU Serif}{\newfontfamily\otherletters{CMU Serif}}{%
    \IfFontExistsTF{DejaVu Serif}{\newfontfamily\otherletters[Scale=MatchLowercase]{DejaVu Serif}}{%
      \let\otherletters\relax}}
  \newcommand\cyrillic[1]{{\otherletters #1}}
  \newcommand\foreign[1]{{\otherletters #1}}
\fi
\usepackage{textcomp}
\usepackage{amsmath}
\usepackage{tikz}
\usepackage[a4paper,margin=18mm,footskip=8mm]{geometry}
\setlength\parindent{0pt}
\setlength\parskip{3pt plus 1pt}
\pagestyle{plain}
\raggedbottom
\makeatletter
\renewcommand\section{\@startsection{section}{1}{0pt}{-8pt plus -4pt}{4pt}{\normalfont\Large\bfseries}}
\renewcommand\subsection{\@startsection{subsection}{2}{0pt}{-9pt plus -6pt}{1pt}{\normalfont\large\bfseries}}
\renewcommand\subsubsection{\@startsection{subsubsection}{3}{0pt}{-5pt plus -5pt}{1pt}{\normalfont\normalsize\bfseries}}
\makeatother
\newsavebox\drawing
\newcommand\blank{\raisebox{-2pt}{\rule{24mm}{.5pt}}}
\newcommand\working{\rule{0pt}{6.5mm}\raisebox{-2pt}{\makebox[88mm]{\dotfill}}}
\newcommand\cell{\rule{24mm}{0pt}\rule[-2mm]{0pt}{6.5mm}}
\newcommand\fline[1]{\par\hangindent=16mm\hangafter=1\hspace*{6mm}\(\displaystyle #1\)\par}
\relpenalty=200 \binoppenalty=400 \emergencystretch=2em
\begin{document}
"""

SECTIONS = {1: "section*", 2: "subsection*", 3: "subsubsection*"}


def write_latex(document: Document) -> str:
    """Return the source of the document."""
    return PREAMBLE + "\n".join(_write_block(block) for block in document.blocks) + "\n\\end{document}\n"


def _write_block(block: Block) -> str:
    match block:
        case Heading(text, level, formula):
            beside = f"\\quad\\mdseries\\mathversion{{normal}}\\({write_formula(formula)}\\)" if formula else ""
            return f"\\{SECTIONS[level]}{{{escape_words(text)}{beside}}}"
        case Words(text, is_note):
            words = write_words(text)
            return f"{{\\small {words}\\par}}" if is_note else f"{words}\\par"
        case Formulas(lines):
            return "\n".join(f"\\fline{{{write_formula(line)}}}" for line in lines)
        case Code(text):
            return f"\\hspace*{{6mm}}{{\\small\\ttfamily {escape_words(text)}\\par}}"
        case Table():
            return "".join(_write_table(block))
        case NetworkDrawing():
            return draw_tikz(block)
        case PageBreak():
            return "\\clearpage"


def _write_table(table: Table) -> Iterator[str]:
    """Yield the table, which is never divided between two pages."""
    yield "\\par\\hspace*{6mm}\\begin{minipage}{.95\\linewidth}\\small\\setlength\\tabcolsep{4pt}"
    caption = f"{escape_words(table.caption)}\\\\[2pt]" if table.caption else ""
    yield f"{caption}\n\\begin{{tabular}}{{|r|{'r|' * (len(table.header) - 1)}}}\\hline\n"
    yield "\\rule{0pt}{10pt}" + " & ".join(map(escape_words, table.header)) + "\\\\ \\hline\n"
    for row, (name, *cells) in enumerate(table.rows):
        texts = [_write_cell(cell, table.marked == (row, column)) for column, cell in enumerate(cells)]
        yield " & ".join([escape_words(name), *texts]) + "\\\\ \\hline\n"
    yield "\\end{tabular}\\end{minipage}\\par\\smallskip"


def _write_cell(text: str, marked: bool) -> str:
    if text == BLANK:
        return "\\cell{}"
    written = f"\\({write_formula(text)}\\)"
    return f"\\textbf{{\\boldmath {written}}}" if marked else written
