"""Documents for paper: an update as a hand-out and as a worksheet, in Markdown, LaTeX and HTML."""
