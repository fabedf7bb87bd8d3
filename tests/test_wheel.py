"""What is installed: the one name gradstep, with everything that belongs to it and nothing else."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
ENTRY = "tui/entry"
"""The folder that is installed as the package `gradstep` itself."""

SOURCES = [
    path.relative_to(ROOT) for folder in ("core", "data", "tui") for path in sorted((ROOT / folder).rglob("*.*"))
]
PYTHON = [path for path in SOURCES if path.suffix == ".py"]
DATA_FILES = [path for path in SOURCES if path.suffix in (".gz", ".toml", ".tcss", ".typed")]
NOT_TRACKED = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")

OWN_FILES = ("core/__init__.py", "data/__init__.py", "tui/__init__.py", "numpy_helpers.py")
"""What a user's project may well have in the folder where gradstep is started."""

Program = Callable[..., str]


def installed_as(path: Path) -> str:
    """Where a file of the repository stands in the wheel."""
    inside = path.relative_to(ENTRY) if path.is_relative_to(ENTRY) else path
    return (Path("gradstep") / inside).as_posix()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in a wheel that is built from a copy of the repository, without a network."""
    copy = tmp_path_factory.mktemp("wheel") / "copy"
    shutil.copytree(ROOT, copy, ignore=NOT_TRACKED)
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(copy.parent)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(copy)], check=True)
    (built,) = copy.parent.glob("*.whl")
    with ZipFile(built) as archive:
        return archive.namelist()


def test_gradstep_is_the_only_name_that_is_installed(wheel: list[str]) -> None:
    version = metadata.version("gradstep")
    assert {name.split("/")[0] for name in wheel} == {"gradstep", f"gradstep-{version}.dist-info"}


def test_the_wheel_has_every_module_and_no_other(wheel: list[str]) -> None:
    assert sorted(name for name in wheel if name.endswith(".py")) == sorted(map(installed_as, PYTHON))


def test_the_wheel_has_every_data_file(wheel: list[str]) -> None:
    assert len(DATA_FILES) > 10
    assert set(map(installed_as, DATA_FILES)) <= set(wheel)


def test_every_folder_with_modules_is_listed_as_a_package() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    assert listed == sorted({installed_as(path.parent).replace("/", ".") for path in PYTHON})
    assert all((ROOT / path.parent / "__init__.py").exists() for path in PYTHON)


@pytest.fixture
def in_a_project(tmp_path: Path) -> Program:
    """Runs a command in a folder whose own modules have the names of gradstep's, and come first; returns the output."""
    for name in OWN_FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f'raise ImportError("{name} is the user\'s own")\n')

    def run(*command: str) -> str:
        environment = os.environ | {"PYTHONPATH": "."}
        return subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout

    return run


def test_the_program_trains_beside_modules_of_the_same_names(in_a_project: Program) -> None:
    program = str(Path(sys.executable).with_name("gradstep"))
    assert "step 20" in in_a_project(program, "train", "--plain", "--max-steps", "20")


def test_the_package_runs_beside_modules_of_the_same_names(in_a_project: Program) -> None:
    version = metadata.version("gradstep")
    assert in_a_project(sys.executable, "-m", "gradstep", "--version") == f"gradstep {version}\n"
