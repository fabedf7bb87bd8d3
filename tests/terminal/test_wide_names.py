"""Names with wide characters, combining marks and emoji, on a pseudo-terminal that gets only what changes."""

from pathlib import Path

import pytest

from tests.terminal.terminal import Terminal, assert_drawn_right

CLASSES = ("バージニカ", "nai\u0308ve e\u0301", "👩\u200d👩\u200d👧 家族")


@pytest.mark.parametrize(("columns", "lines"), [(120, 40), (80, 24)])
def test_after_any_changes_the_screen_is_as_if_drawn_anew(columns: int, lines: int, tmp_path: Path) -> None:
    path = tmp_path / "花.csv"
    rows = [f"{n % 3 + n / 100},{n % 7},{n},{CLASSES[n % 3]}" for n in range(60)]
    path.write_text("\n".join(["花弁の長さ,花弁の幅,🌱,品種", *rows]))
    with Terminal("train", "--data", str(path), columns=columns, lines=lines) as terminal:
        terminal.until("training")
        terminal.press(" ")
        terminal.until("paused")
        for keys in ("nnn", "psn", "cc", "cn", "w", "w", "\x1b[C", "n"):
            terminal.press(keys)
            terminal.until_quiet()
        assert_drawn_right(terminal)
