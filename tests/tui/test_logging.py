"""`--log` while a run trains, in text and on the screen."""

import asyncio
import csv
from pathlib import Path

import pytest

from gradstep.data.run_log import open_log
from gradstep.tui.app import NOT_LOGGED, GradstepApp
from gradstep.tui.cli.main import run
from gradstep.tui.session import paced_log
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import assembled, step_of, until


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def test_a_plain_run_is_logged_and_goes_on_in_its_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log.csv"
    options = ["--plain", "--log", str(log)]
    assert run(["train", "--data", "iris", "--max-epochs", "10", *options]) == 0
    assert run(["resume", "--max-epochs", "20", "--learning-rate", "0.01", *options]) == 0
    rows = rows_of(log)
    assert [int(row["step"]) for row in rows] == [*range(0, 81, 10)]
    assert [row["learning_rate"] for row in rows[3:6]] == ["0.1", "0.1", "0.01"]
    assert rows[-1]["epoch"] == "20"
    before = log.read_bytes()
    assert run(["train", "--data", "iris", "--max-epochs", "1", *options]) == 2
    assert "exists already" in capsys.readouterr().err
    assert log.read_bytes() == before


def test_nothing_is_made_for_a_run_that_is_refused(tmp_path: Path) -> None:
    assert run(["train", "--plain", "--data", "nowhere.csv", "--log", str(tmp_path / "log.csv")]) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_cannot_be_written_is_told_and_training_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--plain", "--data", "iris", "--max-epochs", "2", "--log", "/dev/full"]) == 0
    printed = capsys.readouterr()
    assert printed.err == "gradstep: not logged: No space left on device: /dev/full\n"
    assert "stopped   max_epochs after 2 epochs" in printed.out


async def test_the_session_logs_while_it_trains_and_says_what_hinders_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paced_log, "SECONDS_BETWEEN_ROWS", 0.0)
    (tmp_path / "logs").mkdir()
    log = tmp_path / "logs" / "log.csv"
    trained = assembled(max_epochs=10**6)
    session = TrainingSession(trained, None, log=open_log(log, None, on_screen=True))
    worker = asyncio.create_task(session.supervise())
    try:
        await until(lambda: len(rows_of(log)) > 4)
        (tmp_path / "logs").rename(tmp_path / "moved")
        await until(lambda: session.view.trouble.startswith("not logged: "))
        before = step_of(session)
        await until(lambda: step_of(session) > before)
        (tmp_path / "moved").rename(tmp_path / "logs")
        await until(lambda: session.view.trouble == "")
        session.pause()
        await until(lambda: session.view.phase == "paused")
        rewound = step_of(session)
        session.move(-25)
        session.change_rate(1)
        session.make_step()
        await until(lambda: step_of(session) == rewound - 24)
    finally:
        session.close()
        await worker
    session.release()
    steps = [int(row["step"]) for row in rows_of(log)]
    assert steps[-1] == rewound - 24
    # one branch, then the other, each in order
    fall = next(index for index in range(1, len(steps)) if steps[index] <= steps[index - 1])
    assert steps[:fall] == sorted(set(steps[:fall]))
    assert steps[fall:] == sorted(set(steps[fall:]))


async def test_a_run_that_takes_its_place_is_said_not_to_be_logged(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    app = GradstepApp(TrainingSession(assembled(), None, paused=True, log=open_log(log, None, on_screen=True)))
    async with app.run_test() as pilot:
        app.call_later(app.start, assembled("xor"))
        await until(lambda: app.session.run.dataset.name == "xor" and app.session.view.note == NOT_LOGGED, pilot)
        await pilot.press("s")
        await until(lambda: step_of(app.session) == 1, pilot)
    assert [row["step"] for row in rows_of(log)] in ([], ["0"])
