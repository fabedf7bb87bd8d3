"""What the README and the pages in docs/ say is what the program does."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradstep.core.ledger.bugs import BUGS
from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.initializers import INITIALIZERS
from gradstep.core.network.losses import LOSSES
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.lesson import lesson_names
from gradstep.data.registry import BUILT_IN
from gradstep.tui.cli.exit_status import STATUS_OF_ENDING
from gradstep.tui.cli.main import run
from gradstep.tui.cli.summary import Summary
from gradstep.tui.keymap import COACH_KEYS, CURSOR_KEYS, FOLLOW_KEYS, KEYS, POINTER_KEYS
from gradstep.tui.runs_keys import COMPARE_KEYS, RUNS_KEYS
from gradstep.tui.screen_keys import (
    EXPERIMENT_KEYS,
    EXPLORER_KEYS,
    IMPORTANCE_KEYS,
    LUCK_KEYS,
    PAINT_KEYS,
    RACE_KEYS,
    VALLEY_KEYS,
    WALK_KEYS,
    WEIGHTS_KEYS,
)

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
TEXTS = {page: page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *PAGES)}
CODE = TEXTS[DOCS / "code.md"]

EXPERIMENT_FILE = TEXTS[DOCS / "experiment-file.md"]
EXPERIMENTS = [tomllib.loads(text) for text in re.findall(r"^```toml\n(.*?)^```", EXPERIMENT_FILE, re.M | re.S)]

KEYS_OF = {
    "Training screen": KEYS,
    "Loss enlarged": CURSOR_KEYS,
    "Neuron": (*POINTER_KEYS, *FOLLOW_KEYS),
    "Walkthrough": WALK_KEYS,
    "Weights by hand": WEIGHTS_KEYS,
    "Valley": VALLEY_KEYS,
    "Experiment screen": EXPERIMENT_KEYS,
    "Explorer": EXPLORER_KEYS,
    "Race": RACE_KEYS,
    "Luck": LUCK_KEYS,
    "Painting": PAINT_KEYS,
    "Importance": IMPORTANCE_KEYS,
    "Course": COACH_KEYS,
    "Saved runs": RUNS_KEYS,
    "Compared runs": COMPARE_KEYS,
}
"""The keys of each section of docs/keys.md."""

COMMANDS = (
    "serve",
    "train",
    "sweep",
    "check",
    "walk",
    "resume",
    "runs",
    "trace",
    "worksheet",
    "learn",
    "predict",
    "export",
    "code",
)


def test_the_first_experiment_file_is_the_default_one() -> None:
    default = assemble(make_experiment({})).experiment
    assert make_experiment(EXPERIMENTS[0]) == default


def test_the_second_experiment_file_makes_a_run() -> None:
    assert assemble(make_experiment(EXPERIMENTS[1])).network.sizes == (2, 2, 2)


@pytest.mark.parametrize("name", [*ACTIVATIONS, *LOSSES, *OPTIMIZERS, *INITIALIZERS])
def test_every_choice_is_named_there_and_in_the_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--help"]) == 0
    assert name in capsys.readouterr().out
    assert name in EXPERIMENT_FILE


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_data_set_is_named(name: str) -> None:
    assert name in TEXTS[DOCS / "data.md"]


@pytest.mark.parametrize("name", [*lesson_names(), *(bug.name for bug in BUGS)])
def test_every_lesson_and_every_bug_is_named(name: str) -> None:
    assert re.search(rf"^\| `?{name}`? \|", TEXTS[DOCS / "walkthrough.md"], re.M)


@pytest.mark.parametrize(
    ("section", "key"),
    [(section, key) for section, keys in KEYS_OF.items() for each in keys for key in each.shown.split()],
)
def test_every_key_is_in_the_table_of_its_screen(section: str, key: str) -> None:
    assert re.search(rf"(?<!\S){re.escape(key)}(?![^\s,])", " ".join(first_column(section)))


def first_column(section: str) -> list[str]:
    """What stands before the second bar in the table of this section of docs/keys.md."""
    table = TEXTS[DOCS / "keys.md"].split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| (.*?) \|", table, re.M)


def options_in(text: str) -> set[str]:
    return set(re.findall(r"--[a-z][\w-]+", text))


def test_every_option_that_is_named_exists(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ([], *([name] for name in COMMANDS)):
        assert run([*command, "--help"]) == 0
    assert set().union(*map(options_in, TEXTS.values())) <= options_in(capsys.readouterr().out)


def test_every_option_of_the_screen_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["walk", "--help"]) == 0
    assert options_in(capsys.readouterr().out) - {"--help", "--mouse"} == options_in(TEXTS[DOCS / "terminals.md"])


@pytest.mark.parametrize("name", Summary.__slots__)
def test_every_figure_of_the_summary_is_named(name: str) -> None:
    assert f"`{name}`" in TEXTS[DOCS / "files.md"]


@pytest.mark.parametrize("status", STATUS_OF_ENDING.values())
def test_every_exit_status_is_named(status: int) -> None:
    assert re.search(rf"^\| [\d, ]*\b{status}\b", TEXTS[DOCS / "files.md"], re.M)


def test_every_room_of_the_code_is_named() -> None:
    rooms = {path.parent for folder in ("core", "data", "tui") for path in (ROOT / folder).glob("**/*/__init__.py")}
    assert rooms <= {ROOT / name for name in re.findall(r"^\| `([\w/]+/)` \|", CODE, re.M)}


@pytest.mark.parametrize("name", re.findall(r"`((?:core|data|tui|tests|\.ci)/[\w./]*)`", CODE))
def test_every_file_of_the_code_that_is_named_exists(name: str) -> None:
    assert (ROOT / name).exists()


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Where the page's relative links and pictures lead: a file, and a section of it or ""."""
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[page]):
        if not target.startswith("https://"):
            path, _, section = target.partition("#")
            yield (page.parent / path).resolve() if path else page, section


def sections(page: Path) -> set[str]:
    """What a link can name on a page, as GitHub makes it of the headings."""
    headings = re.findall(r"^#+ (.*)$", TEXTS[page], re.M)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, section in links(page):
        assert path.exists(), path
        assert not section or section in sections(path), section


def test_the_contents_of_the_screens_have_every_section() -> None:
    page = DOCS / "screens.md"
    contents, *sections = re.split(r"^## ", TEXTS[page], flags=re.M)
    assert re.findall(r"^- \[(.*)\]", contents, re.M) == [section.partition("\n")[0] for section in sections]


def test_the_readme_leads_to_every_page() -> None:
    assert set(PAGES) <= {path for path, _ in links(ROOT / "README.md")}


def test_every_picture_is_shown() -> None:
    assert set((DOCS / "pictures").iterdir()) <= {path for page in TEXTS for path, _ in links(page)}
