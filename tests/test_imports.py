"""The house's rule: imports run one way, tui -> data -> core, and core knows numpy only."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSE = {"core", "data", "tui"}
MAY_IMPORT = {"core": {"core"}, "data": {"core", "data"}, "tui": {"core", "data", "tui"}}
SOURCES = [path for package in sorted(HOUSE) for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}, line {node.lineno}: imports are absolute"
            assert node.module is not None
            yield node.module


def test_each_package_has_sources() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in SOURCES} == HOUSE


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    inside = {name.split(".")[1] for name in imported(path) if name.startswith("gradstep.")}
    assert inside <= MAY_IMPORT[package]


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path.is_relative_to(ROOT / "core")], ids=lambda path: path.name
)
def test_core_knows_numpy_only(path: Path) -> None:
    assert {name.split(".")[0] for name in imported(path)} <= {"gradstep", "numpy", *sys.stdlib_module_names}
