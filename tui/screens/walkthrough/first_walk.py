"""The first walkthrough ever: a choice between the two-neuron example and the network that trains."""

import asyncio
from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from gradstep.data.assemble import assemble
from gradstep.data.first_walk import note_walk_opened
from gradstep.data.lesson import Lesson, load_lesson
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.widgets.dialog import Dialog

EXAMPLE = "mazur"
"""The lesson that is the example."""


class ExampleWalkScreen(WalkthroughScreen):
    """The walkthrough of the example. Its run ends with the screen."""

    def __init__(self, session: TrainingSession, lesson: Lesson) -> None:
        super().__init__(session, 1, lesson)

    def on_mount(self) -> None:
        self.begin_work(self.session.supervise)

    def on_unmount(self) -> None:
        self.session.close()


class FirstWalkScreen(Dialog[WalkthroughScreen]):
    """Asks what is to be walked through, and returns the screen of it; None to walk through nothing."""

    BINDINGS = [  # noqa: RUF012
        Binding("e,enter", "walk_example", "The example"),
        Binding("w", "walk_run", "This network"),
        Binding("escape,q,n", "dismiss", "Back"),
    ]

    def __init__(self, session: TrainingSession, make_walk: Callable[[], WalkthroughScreen]) -> None:
        """`make_walk` makes the walkthrough of the run of the session."""
        super().__init__()
        self._session, self._make_walk, self._chosen = session, make_walk, False

    def compose(self) -> ComposeResult:
        run = self._session.run
        sizes = " → ".join(map(str, run.network.sizes))
        lines = (
            "Your first walk through an update. Of which network?",
            "",
            "e    two hidden neurons, one example: every number fits on the screen",
            f"w    this network, {run.dataset.name}: {sizes}",
            "esc  back to the training",
        )
        yield Static("\n".join(lines), id="first-walk", markup=False)

    def action_walk_example(self) -> None:
        """Pause, so that the run is found as it is, and walk through the example with a run of its own."""
        self._session.pause()
        self._choose(of_example=True)

    def action_walk_run(self) -> None:
        """Walk through the run."""
        self._choose(of_example=False)

    def _choose(self, of_example: bool) -> None:
        if not self._chosen:
            self._chosen = True
            self.begin_work(partial(self._return_walk, of_example))

    async def _return_walk(self, of_example: bool) -> None:
        await asyncio.to_thread(note_walk_opened)
        self.dismiss(ExampleWalkScreen(*await asyncio.to_thread(_make_example)) if of_example else self._make_walk())


def _make_example() -> tuple[TrainingSession, Lesson]:
    """Make a paused run of the example, which is not saved."""
    lesson = load_lesson(EXAMPLE)
    return TrainingSession(assemble(lesson.experiment), None, paused=True), lesson
