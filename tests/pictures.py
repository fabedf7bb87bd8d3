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


async def picture_of_training() -> str:
    """The training screen at 120 × 40, some epochs into the default run, with a change of the learning rate."""
    run = assemble(experiment_from({}))
    run.trainer.run(lambda: False, until=STEPS // 2)
    run.trainer.learning_rate = 0.2
    run.trainer.run(lambda: False, until=STEPS)
    app = GradstepApp(TrainingSession(run, 50, paused=True))
    async with app.run_test(size=(120, 40)) as pilot:
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
    (ROOT / "screen.svg").write_text(asyncio.run(picture_of_training()), encoding="utf-8")
