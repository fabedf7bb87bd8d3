"""The luck screen: many networks at once, from other seeds and with other initializers, depths and learning rates."""

from dataclasses import replace
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal

from gradstep.core.errors import GradstepError
from gradstep.data.luck_groups import Variation
from gradstep.tui.screen_keys import LUCK_KEYS
from gradstep.tui.screens.luck.histogram import LuckHistogram
from gradstep.tui.screens.luck.picture import LuckPicture
from gradstep.tui.screens.luck.status_line import LuckStatusLine
from gradstep.tui.screens.luck.table import LuckTable
from gradstep.tui.screens.luck.words import list_titles, name_member
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.luck_loop import LEAST_SECONDS
from gradstep.tui.session.luck_session import LuckSession
from gradstep.tui.session.luck_view import LuckView
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.many_runs_screen import ManyRunsScreen

NEXT: dict[Variation, Variation] = {
    "seeds": "initializers",
    "initializers": "depths",
    "depths": "rates",
    "rates": "seeds",
}
KEYS_WITHOUT_NETWORKS = tuple(key for key in LUCK_KEYS if key.id not in ("luck_pick", "luck_pause"))
"""The keys that do something where every network has diverged."""


class LuckScreen(ManyRunsScreen[LuckView]):
    """Shows the networks of a variation, and sets up those of others. Meanwhile there is no view."""

    session: LuckSession
    keys = LUCK_KEYS
    BINDINGS = [key.binding() for key in keys]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "low"), (20, "short"), (32, "tall")]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (70, "wide")]  # noqa: RUF012

    def __init__(
        self, session: TrainingSession, backlog: OutputBacklog, frames: float, seconds: float = LEAST_SECONDS
    ) -> None:
        """`seconds` is how long the networks train at least."""
        self._seconds = seconds
        super().__init__(session, backlog, frames, LuckSession("seeds", session.set_up_luck, seconds))

    def choose_first(self, newest: LuckView) -> LuckView:
        """Choose the best of the seeds, or what is the run's own."""
        if newest.variation == "rates":
            own = [member.is_own for member in newest.members]
        else:
            own = [group.is_own for group in newest.groups]
        return replace(newest, chosen=own.index(True) if True in own else 0)

    def compose(self) -> ComposeResult:
        yield LuckStatusLine(self._training.run)
        with Horizontal(id="luck-pictures"):
            yield LuckPicture(id="luck-picture")
            yield LuckHistogram(id="luck-histogram")
        yield LuckTable(id="luck-table")
        yield KeyBar(LUCK_KEYS)

    @property
    def facts(self) -> ScreenFacts:
        return ScreenFacts("luck")

    def on_mount(self) -> None:
        self._place_panels()
        self.begin_work(self._train, "luck")

    async def _train(self) -> None:
        """Run one session after the other: the memory of one is free before the next needs its own."""
        session = None
        while session is not self.session:
            session = self.session
            await session.supervise()

    def draw(self, view: LuckView) -> None:
        """Draw this view, with the title of the picture."""
        picture, title = (
            self.query_one(LuckPicture),
            list_titles(view)[0] if view.variation == "rates" else "Batch loss",
        )
        if picture.border_title != title:
            picture.border_title = title
        self.query_one(KeyBar).show_keys(LUCK_KEYS if view.has_living else KEYS_WITHOUT_NETWORKS)
        super().draw(view)

    def _place_panels(self) -> None:
        """Show the panels that the variation has: the histogram belongs to the seeds."""
        self.set_classes([*(self.classes - set(NEXT)), self.session.variation])

    def can_act(self, id: str) -> bool:
        view = self._view
        if id == "luck_pause":
            return view is None or not (view.diverged | view.stopped).all()
        if id == "luck_pick":
            index = None if view is None else view.choices[view.chosen]
            return view is not None and index is not None and not view.diverged[index]
        if id in ("luck_left", "luck_right"):
            return self.session.variation == "rates"
        return True

    def action_luck_pause(self) -> None:
        self.session.toggle_pause()

    def action_choose(self, direction: int) -> None:
        """Choose the row above (−1) or below (1)."""
        view = self._view
        if view is not None:
            step = view.columns if view.variation == "rates" else 1
            self.show_view(replace(view, chosen=(view.chosen + direction * step) % len(view.choices), note=""))

    def action_choose_seed(self, direction: int) -> None:
        """Choose the cell beside the chosen one, in the heat map."""
        view = self._view
        if view is not None and view.variation == "rates":
            row, column = divmod(view.chosen, view.columns)
            chosen = row * view.columns + (column + direction) % view.columns
            self.show_view(replace(view, chosen=chosen, note=""))

    def action_vary(self) -> None:
        """Compare initializers instead of seeds, then depths, then learning rates, then seeds again."""
        before = self.session.variation
        self.replace_session(LuckSession(NEXT[before], self._training.set_up_luck, self._seconds))
        self._place_panels()

    async def action_pick(self) -> None:
        """Dismiss with the run of the chosen network, unless it has diverged."""
        view, session = self._view, self.session
        index = None if view is None else view.choices[view.chosen]
        if view is None or index is None or view.diverged[index]:
            if view is not None:
                note = "this network has diverged: choose another" if view.has_living else "every network has diverged"
                self.show_view(replace(view, note=note))
            return
        self.show_view(replace(view, note=f"{name_member(view, index)} is trained alone to the same step …"))
        self.begin_work(partial(self._pick, session, index), "picking")

    async def _pick(self, session: LuckSession, index: int) -> None:
        try:
            run = await session.make_run(index)
        except GradstepError as error:
            self.show_view(replace(self.view, note=str(error)))
            return
        if session is self.session and self.is_attached and not session.is_closed:
            session.close()
            self.dismiss(run)
