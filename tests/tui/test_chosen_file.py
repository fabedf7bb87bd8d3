"""The experiment screen says what is in a file that is chosen, or what is wrong with it, before it is applied."""

from pathlib import Path

import pytest

from gradstep.data.load_dataset import load_dataset
from gradstep.tui.screens.experiment import chosen_file
from tests.tui.driving import assembled, shown, until
from tests.tui.test_experiment_screen import form, open_form, type_in, words


def about(pilot: object) -> str:
    return " ".join(words(pilot, "about").split())  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_is_in_the_chosen_file_is_found_before_it_is_applied(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("line.csv").write_text("x;y\n" + "".join(f"{x};{2 * x + 0.5}\n" for x in range(20)))
    Path("gaps.csv").write_text("x,y\n1,2\n,3\n4,five\n5,6\n")
    Path("other.npz").write_bytes(b"no archive")
    async with shown(assembled("sine"), size=size) as pilot:
        await open_form(pilot)
        await type_in(pilot, "data.path", "line.csv")
        await until(lambda: "Found in the file: UTF-8, semicolons, line 1 names" in about(pilot), pilot)
        assert "20 rows" in about(pilot) and "learns y, a number" in about(pilot)
        await type_in(pilot, "data.path", "gaps.csv")
        await until(lambda: "Found in the file: gaps.csv: 2 problems" in about(pilot), pilot)
        assert "missing" in about(pilot) and "line 4" in about(pilot)
        await type_in(pilot, "data.path", "other.npz")
        await until(lambda: "Found in the file: other.npz" in about(pilot), pilot)
        await type_in(pilot, "data.path", "missing.csv")
        await until(lambda: "missing.csv: no such file" in about(pilot), pilot)
        assert form(pilot).view.dataset.name == "sine", "nothing is applied"


async def test_a_large_file_is_left_to_the_start_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(chosen_file, "LARGEST", 50)
    monkeypatch.setattr(chosen_file, "load_dataset", None)
    Path("line.csv").write_text("x,y\n" + "".join(f"{x},{2 * x + 0.5}\n" for x in range(20)))
    async with shown(assembled("sine"), size=(120, 40)) as pilot:
        await open_form(pilot)
        await type_in(pilot, "data.path", "line.csv")
        await until(lambda: "Found in the file: it is read when the run starts" in about(pilot), pilot)


async def test_only_the_file_that_was_chosen_last_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read: list[str] = []

    def load(settings: object) -> object:
        read.append(settings.path)  # type: ignore[attr-defined]
        return load_dataset(settings)  # type: ignore[arg-type]

    monkeypatch.setattr(chosen_file, "load_dataset", load)
    for rows in (20, 30, 40):
        Path(f"{rows}.csv").write_text("x,y\n" + "".join(f"{x},{2 * x + 0.5}\n" for x in range(rows)))
    async with shown(assembled("sine"), size=(120, 40)) as pilot:
        await open_form(pilot)
        await pilot.press("down", *["right"] * 3)
        await until(lambda: "40 rows" in about(pilot), pilot)
        assert form(pilot).view.experiment.data.path == "40.csv" == read[-1]
        await pilot.press("left")
        await until(lambda: "30 rows" in about(pilot) and "40 rows" not in about(pilot), pilot)
