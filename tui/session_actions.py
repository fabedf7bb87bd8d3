"""The actions of the keys that are commands to the session."""

from gradstep.tui.numbers import format_number
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from gradstep.tui.widgets.terminal_app import TerminalApp


class SessionActions(TerminalApp[Ending]):
    """An app with a session, and the actions that pass a command on to it."""

    def __init__(self, session: TrainingSession, capabilities: TerminalCapabilities) -> None:
        super().__init__(capabilities)
        self.session = session

    def action_pause(self) -> None:
        self.session.toggle_pause()

    def action_step(self) -> None:
        self.session.make_step()

    def action_epoch(self) -> None:
        self.session.make_epoch()

    def action_rate(self, direction: int) -> None:
        self.session.change_rate(direction)

    def action_pace(self, direction: int) -> None:
        self.session.change_pace(direction)

    def action_save(self) -> None:
        self.session.save()

    def action_reset(self) -> None:
        self.session.reset()

    def action_move(self, steps: int) -> None:
        self.session.move(steps)

    def action_move_epoch(self, direction: int) -> None:
        self.session.move_epoch(direction)

    def action_go_to_best(self) -> None:
        self.session.go_to_best()

    def action_undo(self) -> None:
        self.begin_work(self._undo, "undo")

    async def _undo(self) -> None:
        effect = await self.session.undo_edit()
        if effect is None:
            self.session.show_note("no change by hand to undo since training went on")
        else:
            kind = "bias" if effect.parameter.source is None else "weight"
            self.session.show_note(f"undone: the {kind} is {format_number(effect.new, 0)} again")

    def action_go_back_slower(self) -> None:
        self.session.go_back_slower()

    def action_example(self, direction: int) -> None:
        self.session.show_example(direction)

    def action_next_output(self) -> None:
        self.session.show_next_output()
