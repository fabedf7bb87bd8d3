"""The start and the end of the program: it loads what the command needs, and collects no garbage meanwhile."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ONE_STEP = ("--data", "xor", "--max-steps", "1")

REPORT = (
    "import atexit, gc, sys; "
    "atexit.register(lambda: print(len(gc.get_objects()), gc.isenabled(), *sys.modules, file=sys.stderr)); "
)
RUN = "from gradstep.tui.cli.main import main; main()"


def report_end(*arguments: str) -> list[str]:
    """Run a command; return how many objects are not frozen at its end, whether garbage is collected, the modules."""
    done = subprocess.run([sys.executable, "-c", REPORT + RUN, *arguments], capture_output=True, text=True, check=False)
    return done.stderr.splitlines()[-1].split()


def run_and_report(*arguments: str) -> tuple[bool, set[str]]:
    """Run a command; return whether garbage was collected at its end, and the modules that it had loaded."""
    _, enabled, *modules = report_end(*arguments)
    return enabled == "True", set(modules)


def test_plain_text_loads_nothing_that_draws() -> None:
    collecting, modules = run_and_report("train", "--plain", *ONE_STEP)
    assert collecting and "gradstep.tui.cli.plain_run" in modules
    assert not modules & {"textual", "rich", "plotext"}


def test_the_version_loads_no_numpy() -> None:
    _, modules = run_and_report("--version")
    assert not modules & {"numpy", "pydantic", "textual"}


@pytest.mark.parametrize("arguments", [("trace", "mazur", "--step", "1"), ("worksheet",), ("datasets",)])
def test_a_command_that_computes_collects_garbage(arguments: tuple[str, ...]) -> None:
    assert run_and_report(*arguments)[0]


@pytest.mark.parametrize("arguments", [("train", "--plain", *ONE_STEP), ("--version",), ("train", "nothing.csv")])
def test_python_looks_for_no_garbage_when_the_program_ends(arguments: tuple[str, ...]) -> None:
    assert int(report_end(*arguments)[0]) < 1000


def test_a_plotext_whose_manual_has_other_parts_is_loaded_whole(tmp_path: Path) -> None:
    manual = tmp_path / "plotext" / "_doc"
    manual.mkdir(parents=True)
    (manual / "__init__.py").touch()
    (manual / "doc.py").write_text("docs = more = 'the manual'")
    (manual.parent / "__init__.py").write_text(
        "from types import SimpleNamespace\n"
        "from plotext._doc.doc import docs, more\n"
        "terminal = SimpleNamespace(limit=lambda *_: None)\n"
    )
    load = "from gradstep.tui.drawing.loss_plot import import_plotext; print(import_plotext().more)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", load], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "the manual\n"
