"""Make the README's pictures anew, with the product itself: `python tests/pictures.py`."""

import asyncio
import re
from pathlib import Path

from data.assemble import assemble
from data.experiment import experiment_from
from tui.app import GradstepApp
from tui.session import TrainingSession

ROOT = Path(__file__).parent.parent
STEPS = 500
CELL = 12.2
TO_THE_PATHS = ("w", "end", "end", "right", "right")


async def picture(*keys: str) -> str:
    """The screen at 120 × 40 after these keys, some epochs into the default run, with a change of the learning rate."""
    run = assemble(experiment_from({}))
    run.trainer.run(lambda: False, until=STEPS // 2)
    run.trainer.learning_rate = 0.2
    run.trainer.run(lambda: False, until=STEPS - 1)
    app = GradstepApp(TrainingSession(run, 50, paused=True))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("s")
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        return self_contained(app.export_screenshot(title="gradstep"))


def self_contained(svg: str) -> str:
    """Let the reader's own monospace font serve, for a picture should not load anything; and keep every place."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    return re.sub(r'x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>((?:&#160;)+)', _moved_right, svg)


def _moved_right(text: re.Match[str]) -> str:
    """Start a text where its first mark stands: some viewers drop leading spaces."""
    shift = text[5].count("&") * CELL
    return f'x="{float(text[1]) + shift:g}" y="{text[2]}" textLength="{float(text[3]) - shift:g}"{text[4]}>'


if __name__ == "__main__":
    (ROOT / "screen.svg").write_text(asyncio.run(picture()), encoding="utf-8")
    (ROOT / "walk.svg").write_text(asyncio.run(picture(*TO_THE_PATHS)), encoding="utf-8")
