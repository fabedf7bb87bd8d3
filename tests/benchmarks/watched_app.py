"""The app on the terminal that this is started in, with every key pressed, and a watch on its event loop.

`python watched_app.py DATA REPORT` trains 784-512-512-10 on DATA, and writes to REPORT, as JSON, for every key the
longest standstill of the event loop: [screen, key, milliseconds, of these on a processor, waiting for a processor, and
the same three of the standstill that is longest without the waiting].
What is left waits for the interpreter lock, which a thread that computes holds.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.saved_runs import name_new_run
from gradstep.tui.app import GradstepApp
from gradstep.tui.cli.screen_run import THREAD_SWITCH_SECONDS
from gradstep.tui.drawing.loss_plot import import_plotext
from gradstep.tui.garbage_collection import freeze_objects
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.thread_priority import compute_with_low_priority
from gradstep.tui.session.training_session import TrainingSession

SHORT = 0.001
"""Seconds between two looks of the watch."""

PLAN: tuple[tuple[str, str], ...] = (
    ("training", "space space s s s S S space space less_than_sign greater_than_sign plus minus space"),
    ("training", "n n p c c c v P y y 1 m escape 2 m left right home end escape 3 4 m escape tab shift+tab"),
    ("neuron", "1 right left up down " + "enter " * 6 + "up enter escape escape"),
    ("training", "left_square_bracket " * 6 + "right_square_bracket " * 4),
    ("training", "left_curly_bracket left_curly_bracket right_curly_bracket right_curly_bracket u h ctrl+s ctrl+l"),
    ("help", "question_mark escape"),
    ("course", "L wait down up escape"),
    ("picture", "ctrl+o wait ctrl+y wait question_mark ctrl+o wait escape"),
    ("palette", "colon escape"),
    ("walkthrough", "w " + "right " * 34 + "left " * 4 + "home home end end"),
    ("walkthrough", "up down tab shift+tab n p t n t g down g g end g g h 1 enter h H H H H"),
    ("walkthrough", "b b b b b question_mark escape"),
    ("walkthrough", "home home home home home home left left left escape"),
    ("weights", "x left right up down tab shift+tab 1 enter n p u 0 . 5 backspace 3 enter question_mark escape escape"),
    ("valley", "V plus minus s left_square_bracket right_square_bracket l left right up down tab shift+tab l"),
    ("valley", "m a space m escape"),
    ("experiment", "e down up pagedown pageup right left plus minus enter escape backspace question_mark escape"),
    ("experiment", "1 2 3 4 5 6 7 w escape o escape y escape"),
    ("live change", "e " + "down " * 16 + "right a"),
    ("importance", "i wait down up question_mark escape escape b"),
    ("explorer", "f left right up down tab shift+tab l l n p s space space question_mark escape escape"),
    ("race", "R wait down up less_than_sign greater_than_sign y space space question_mark escape r wait b wait"),
    ("race", "b wait b wait escape N wait escape R wait wait down enter wait"),
    ("luck", "M wait wait down up left right y space space question_mark escape b wait b wait b wait left right down"),
    ("luck", "escape M wait down enter wait wait"),
    ("training", "space r space"),
    ("runs", "o wait down up space space b wait c y t question_mark escape escape escape"),
    ("new start", "e plus a y wait wait space"),
    ("quit", "q escape"),
)
"""Which screen, and the keys that are pressed there one after the other; "wait" presses none."""

SECONDS_A_KEY, SECONDS_TO_WAIT = 0.25, 1.2


@dataclass(frozen=True, slots=True)
class Standstill:
    """Seconds that the event loop was late, and how many of them its thread ran or was ready to run."""

    late: float
    running: float
    ready: float

    @property
    def own(self) -> float:
        """What the program itself is to blame for, whatever else runs on the machine."""
        return self.late - self.ready


@dataclass
class Watch:
    """Looks every millisecond whether the event loop is free, and keeps for every key the longest that it was not."""

    worst: dict[tuple[str, str], tuple[Standstill, Standstill]] = field(default_factory=dict)
    key: tuple[str, str] = ("start", "")

    async def look(self) -> None:
        with open("/proc/thread-self/schedstat") as schedule:

            def times() -> tuple[float, float, float]:
                schedule.seek(0)
                running, ready, _ = schedule.read().split()
                return perf_counter(), int(running) / 1e9, int(ready) / 1e9

            while True:
                before = times()
                await asyncio.sleep(SHORT)
                wall, running, ready = (now - then for now, then in zip(times(), before, strict=True))
                found = Standstill(wall - SHORT, running, min(ready, wall - SHORT))
                longest, own = self.worst.get(self.key, (found, found))
                self.worst[self.key] = (
                    max(longest, found, key=lambda each: each.late),
                    max(own, found, key=lambda each: each.own),
                )


async def press_every_key(app: GradstepApp, watch: Watch) -> None:
    await asyncio.sleep(3)
    for screen, keys in PLAN:
        for key in keys.split():
            watch.key = screen, key
            if key != "wait":
                app.note_key()  # as the thread that reads the terminal does
                app.simulate_key(key)
            await asyncio.sleep(SECONDS_TO_WAIT if key == "wait" else SECONDS_A_KEY)
    watch.key = "end", ""
    app.exit()


async def run(data: str, report: Path) -> None:
    compute_with_low_priority()
    import_plotext()
    freeze_objects()
    training = {"batch_size": 128, "learning_rate": 0.01, "max_epochs": 10**6, "optimizer": "momentum"}
    experiment = make_experiment({"data": {"path": data}, "network": {"hidden": [512, 512]}, "training": training})
    assembled = assemble(experiment)
    app = GradstepApp(TrainingSession(assembled, None, False, Autosave(name_new_run("watched"))))
    watch = Watch()
    tasks = [asyncio.create_task(watch.look()), asyncio.create_task(press_every_key(app, watch))]
    await app.run_async(mouse=False)
    for task in tasks:
        task.cancel()
    found = [
        [*key, *(1000 * seconds for each in two for seconds in (each.late, each.running, each.ready))]
        for key, two in watch.worst.items()
    ]
    report.write_text(json.dumps(found))


if __name__ == "__main__":
    sys.setswitchinterval(THREAD_SWITCH_SECONDS)
    asyncio.run(run(sys.argv[1], Path(sys.argv[2])))
