"""Reading a directory with MNIST's four files."""

import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment, to_toml
from gradstep.data.file_options import FileOptions
from gradstep.data.formats.data_file import read_data_file
from gradstep.data.formats.idx_folder import read_idx
from gradstep.data.run import Run
from tests.data.files import Terminal, classes, idx, images, write_mnist


def run_of(directory: Path, **data: object) -> Run:
    return assemble(make_experiment({"data": {"path": str(directory), **data}, "network": {"hidden": [4]}}))


@pytest.mark.parametrize("gzipped", [False, True])
def test_both_parts_are_read_the_test_part_last(tmp_path: Path, gzipped: bool) -> None:
    data = read_idx(write_mnist(tmp_path / "mnist", gzipped=gzipped))
    assert (data.name, data.image_shape, data.class_names, data.test_rows) == ("mnist", (4, 3), ("0", "1", "2"), 6)
    assert np.array_equal(data.inputs, np.concatenate([images(9), images(6, seed=1)]).reshape(15, 12))
    assert np.array_equal(data.labels, [*classes(9), *classes(6)])


def test_names_with_a_dot_are_found_as_well(tmp_path: Path) -> None:
    directory = write_mnist(tmp_path / "mnist")
    for file in directory.iterdir():
        file.rename(directory / file.name.replace("-idx", ".idx"))
    assert len(read_idx(directory).inputs) == 15


def test_files_beside_folders_of_their_names_are_found(tmp_path: Path) -> None:
    directory = write_mnist(tmp_path / "mnist")
    for file in list(directory.iterdir()):
        name = file.name
        file.rename(directory / name.replace("-idx", ".idx"))
        (directory / name).mkdir()
        (directory / name / name).write_bytes((directory / name.replace("-idx", ".idx")).read_bytes())
    assert len(read_idx(directory).inputs) == 15
    for file in directory.glob("*.idx*"):
        file.unlink()
    assert len(read_idx(directory).inputs) == 15


def test_emnist_has_names_of_its_own_and_is_turned_by_an_option(tmp_path: Path) -> None:
    directory = write_mnist(tmp_path / "letters", gzipped=True)
    for file in list(directory.iterdir()):
        file.rename(directory / f"emnist-letters-{file.name.replace('t10k', 'test')}")
    data = read_idx(directory)
    assert "--transposed turns them" in data.warnings[0]
    turned = read_idx(directory, FileOptions(transposed=True))
    assert (turned.image_shape, turned.warnings) == ((3, 4), ())
    assert np.array_equal(turned.inputs[0].reshape(3, 4), data.inputs[0].reshape(4, 3).T)
    for file in list(directory.iterdir()):
        (directory / file.name.replace("letters", "digits")).write_bytes(file.read_bytes())
    with pytest.raises(GradstepError, match="has more than one data set: emnist-digits-train-images"):
        read_idx(directory)


def test_the_files_own_test_part_is_held_out_whatever_the_fraction(tmp_path: Path) -> None:
    run = run_of(write_mnist(tmp_path / "mnist"), test_fraction=0.9, seed=4)
    assert run.split.train_rows.tolist() == list(range(9)) and run.split.test_rows.tolist() == list(range(9, 15))
    assert run.experiment.data.test_fraction == 6 / 15
    assert "test_fraction = 0.4\n" in to_toml(run.experiment)


def test_pixels_are_scaled_by_the_brightest_and_the_darkest(tmp_path: Path) -> None:
    parts = run_of(write_mnist(tmp_path / "mnist")).split
    assert (parts.train_x.min(), parts.train_x.max()) == (0, 1)
    assert np.allclose(parts.scaling.undo(parts.test_x), parts.dataset.inputs[9:])


def test_a_run_on_the_folder_learns(tmp_path: Path) -> None:
    trainer = run_of(write_mnist(tmp_path / "mnist", train=300, test=30)).trainer
    before = trainer.evaluate().train.loss
    trainer.run(lambda: False, until=100)
    assert trainer.evaluate().train.loss < before


def test_a_regression_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GradstepError, match=r'data\.task = "regression": .*holds classes'):
        run_of(write_mnist(tmp_path / "mnist"), task="regression")


@pytest.mark.parametrize(("field", "value"), [("target", "y"), ("decimal", ",")])
def test_a_target_column_and_a_decimal_sign_are_refused(tmp_path: Path, field: str, value: str) -> None:
    with pytest.raises(GradstepError, match=rf"data\.{field} = .*only a table of text"):
        run_of(write_mnist(tmp_path / "mnist"), **{field: value})


def test_progress_is_shown_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    read_idx(write_mnist(tmp_path / "mnist"))
    shown = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert "\rreading train-images-idx3-ubyte 100%" in shown and shown.endswith("\r\x1b[K")


def test_no_progress_is_shown_without_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read_idx(write_mnist(tmp_path / "mnist"))
    assert capsys.readouterr() == ("", "")


def test_reading_takes_the_memory_of_the_bytes_and_a_run_that_of_less_than_two_arrays(tmp_path: Path) -> None:
    pixels = idx(images(2000, 28, 28))
    directory = write_mnist(
        tmp_path / "mnist", train_images=pixels, train_labels=idx(classes(2000)), t10k_images=idx(images(6, 28, 28))
    )
    assemble(make_experiment({}))  # what is imported and kept the first time is no part of it
    array = 2006 * 784 * 8
    tracemalloc.start()
    try:
        read_idx(directory)
        reading = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        run_of(directory)
        running = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert reading < 0.15 * array and running < 1.6 * array


def test_of_a_folder_of_tables_its_files_are_named(tmp_path: Path) -> None:
    names = [f"{letter}.csv" for letter in "abcde"] + ["f.NPZ", "g.tsv.gz"]
    for name in [*names, "notes.pdf"]:
        (tmp_path / name).touch()
    for options in (FileOptions(), FileOptions(target="y")):
        with pytest.raises(GradstepError) as caught:
            read_data_file(tmp_path, options)
        listed = '"a.csv", "b.csv", "c.csv", "d.csv", "e.csv" and 2 more'
        assert str(caught.value) == f"{tmp_path} is a folder: give one of the files in it: {listed}"
    for name in names[1:]:
        (tmp_path / name).unlink()
    with pytest.raises(GradstepError, match=r'is a folder: give the file in it: "a\.csv"$'):
        read_data_file(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").touch()
    with pytest.raises(GradstepError, match="must hold MNIST's four files"):
        read_data_file(tmp_path)
