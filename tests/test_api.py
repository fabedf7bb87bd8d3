"""The code of docs/api.md does what the page says, and the names on it are those that are exported."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gradstep.core
import gradstep.data

PAGE = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", PAGE, re.M | re.S)


def test_the_code_prints_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(BLOCKS) == PAGE.count("```python") > 5
    names: dict[str, object] = {}
    for code, expected in BLOCKS:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "docs/api.md", "exec"), names)
        assert printed.getvalue() == expected, code
        # a print in an `except` that nothing is raised for prints nothing, and the page would agree
        assert printed.getvalue().count("\n") >= code.count("print("), code


@pytest.mark.parametrize("package", [gradstep.core, gradstep.data])
def test_every_exported_name_exists_and_has_a_docstring(package: object) -> None:
    for name in package.__all__:  # type: ignore[attr-defined]
        assert getattr(package, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        package.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_every_name_that_the_page_imports_is_exported() -> None:
    for module, names in re.findall(r"^from (gradstep\.\w+) import (.*)$", PAGE, re.M):
        assert set(names.split(", ")) <= set(sys.modules[module].__all__)


def test_a_package_loads_nothing_before_a_name_is_used() -> None:
    show = "import sys, gradstep.core, gradstep.data; print('numpy' in sys.modules, 'pydantic' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["False", "False"]
