"""Whatever is in a file and whatever is typed: an answer, in time, with little memory, and no traceback.

The seeds of the cases are 0, 1, 2 and so on. `--fuzz-seconds 600` tries each kind for ten minutes, `--fuzz-seed N`
only the case of this seed, and both together go on from it.
"""

import gzip
import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save as to_safetensors

from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.data.checkpoint import compute_digest
from tests.fuzz.conftest import Commands
from tests.fuzz.mutator import mutate, mutate_text
from tests.fuzz.samples import (
    BUILT_IN_EXPERIMENT,
    COMMAND_LINE,
    CSV,
    EXPERIMENT,
    FILE_EXPERIMENT,
    NEW_ROWS,
    NUMERIC_CSV,
    write_mnist,
    write_npz,
    write_sample_checkpoint,
    write_sample_model,
)

SHORT = ("--plain", "--max-steps", "5")
"""The training itself is not what is tried."""

OPTIONS_OF_FILES = {
    "--missing": ("refuse", "drop", "mean", "own-category"),
    "--drop": ("width", "2", "kind", "1,2,3", "colour"),
    "--columns": ("1", "colour,length", "kind"),
    "--categories": ("length", "1,2"),
    "--header": ("yes", "no"),
    "--delimiter": ("spaces", ";", "|", "e", "tab"),
    "--dates": ("number", "parts"),
}

EXPORTS = ("safetensors", "npz", "csv", "jsonl")

FORMATS = ("text", "json", "markdown", "latex", "html")

pytestmark = pytest.mark.timeout(0)  # how long it takes is an option


def try_all(seeds: Iterator[int], commands: Commands, prepare: Callable[[Random], list[str]]) -> None:
    """Run the command that `prepare` returns for each seed; fail with the seeds of those that went wrong."""
    failed, tried = [], 0
    for seed in seeds:
        arguments = prepare(Random(seed))
        outcome = commands.run(*arguments)
        tried += 1
        if faults := outcome.faults():
            failed.append(f"--fuzz-seed {seed}: {'; '.join(faults)}\n{arguments}\n{outcome.errors[-1500:]}")
    print(f"{tried} cases tried")
    assert not failed, f"{len(failed)} of {tried} cases\n" + "\n".join(failed[:30])


def test_experiment_files(seeds: Iterator[int], commands: Commands) -> None:
    path = commands.folder / "experiment.toml"
    (commands.folder / "data.csv").write_text(CSV)

    def prepare(random: Random) -> list[str]:
        text = random.choice((EXPERIMENT, FILE_EXPERIMENT, BUILT_IN_EXPERIMENT))
        path.write_bytes(mutate(text.encode(), random))
        if random.random() < 0.2:
            return ["trace", str(path), "--step", "2", "--format", random.choice(FORMATS)]
        if random.random() < 0.1:
            return ["worksheet", str(path), *random.choice(([], ["--seed", "1"], ["--hide", "last"]))]
        return ["train", str(path), *SHORT]

    try_all(seeds, commands, prepare)


def test_csv_files(seeds: Iterator[int], commands: Commands) -> None:
    def prepare(random: Random) -> list[str]:
        text = random.choice((CSV, NUMERIC_CSV, CSV.replace(",", "\t")))
        content = mutate(text.encode(), random)
        gzipped = random.random() < 0.3
        path = commands.folder / ("data.csv.gz" if gzipped else "data.csv")
        if gzipped:
            content = gzip.compress(content)
            content = mutate(content, random) if random.random() < 0.5 else content
        path.write_bytes(content)
        decimal = ["--decimal", ","] if random.random() < 0.3 else []
        for option, values in OPTIONS_OF_FILES.items():
            if random.random() < 0.1:
                decimal += [option, random.choice(values)]
        target = ["--target", random.choice(("1", "4", "kind", "colour", "9"))] if random.random() < 0.3 else []
        if random.random() < 0.2:
            return ["check", str(path), *decimal, *target]
        return ["train", "--data", str(path), *decimal, *target, *SHORT]

    try_all(seeds, commands, prepare)


def test_npz_files(seeds: Iterator[int], commands: Commands) -> None:
    path = commands.folder / "data.npz"

    def prepare(random: Random) -> list[str]:
        content = write_npz(random)
        path.write_bytes(mutate(content, random) if random.random() < 0.8 else content)
        return ["train", "--data", str(path), *SHORT]

    try_all(seeds, commands, prepare)


def test_idx_folders(seeds: Iterator[int], commands: Commands) -> None:
    folder = commands.folder / "mnist"
    folder.mkdir()

    def prepare(random: Random) -> list[str]:
        for old in folder.iterdir():
            old.unlink()
        contents = write_mnist(folder, random)
        damaged = random.choice(list(contents))
        for path, content in contents.items():
            if path == damaged and path.suffix == ".gz" and random.random() < 0.5:
                content = gzip.compress(mutate(gzip.decompress(content), random))
            elif path == damaged:
                content = mutate(content, random)
            path.write_bytes(content)
        return ["train", "--data", str(folder), *SHORT]

    try_all(seeds, commands, prepare)


def test_checkpoints(seeds: Iterator[int], commands: Commands) -> None:
    names = list(OPTIMIZERS)
    for name in names:
        write_sample_checkpoint(commands.folder / f"{name}.safetensors", name)
    path = commands.folder / "damaged.safetensors"
    (commands.folder / "new.csv").write_text(NEW_ROWS)

    def prepare(random: Random) -> list[str]:
        sample = commands.folder / f"{random.choice(names)}.safetensors"
        if random.random() < 0.3:
            path.write_bytes(mutate(sample.read_bytes(), random))
        else:
            path.write_bytes(forge_checkpoint(sample, random))
        return random.choice(
            (
                ["resume", str(path), "--plain"],
                ["resume", str(path), "--plain"],
                ["predict", str(path), str(commands.folder / "new.csv")],
                [
                    "export",
                    str(path),
                    "--overwrite",
                    "--output",
                    str(commands.folder / f"out.{random.choice(EXPORTS)}"),
                ],
                ["code", str(path), "--as", random.choice(("numpy", "pytorch", "sklearn"))],
            )
        )

    try_all(seeds, commands, prepare)


def test_model_files_and_new_rows(seeds: Iterator[int], commands: Commands) -> None:
    sample, path, new = (commands.folder / name for name in ("sample", "model.safetensors", "new.csv"))
    sample.write_bytes(write_sample_model(commands.folder))

    def prepare(random: Random) -> list[str]:
        path.write_bytes(sample.read_bytes())
        new.write_text(NEW_ROWS)
        if random.random() < 0.3:
            new.write_bytes(mutate(NEW_ROWS.encode(), random))
        elif random.random() < 0.3:
            path.write_bytes(mutate(sample.read_bytes(), random))
        else:
            path.write_bytes(forge_model(sample, random))
        if random.random() < 0.3:
            return ["train", "--data", "iris", "--from", str(path), *SHORT]
        return ["predict", str(path), str(new)]

    try_all(seeds, commands, prepare)


def forge_model(path: Path, random: Random) -> bytes:
    """Return a model file with something wrong in it."""
    with safe_open(path, framework="numpy") as file:
        metadata, arrays = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    for _ in range(random.choice((1, 1, 2, 4))):
        random.choice((forge_preprocessing, forge_metadata, forge_array))(metadata, arrays, random)
    return to_safetensors(arrays, metadata)


def forge_preprocessing(metadata: dict[str, str], arrays: dict[str, np.ndarray], random: Random) -> None:
    try:
        values = json.loads(metadata["preprocessing"])
    except (KeyError, ValueError):
        return
    holder = values
    while isinstance(holder, dict | list) and holder and random.random() < 0.8:
        name = random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
        if not isinstance(holder[name], dict | list) or random.random() < 0.3:
            holder[name] = random.choice(NONSENSE)
            break
        holder = holder[name]
    metadata["preprocessing"] = json.dumps(values)


def forge_checkpoint(path: Path, random: Random) -> bytes:
    """Return a checkpoint with something wrong in it, and the digest that belongs to that."""
    with safe_open(path, framework="numpy") as file:
        metadata, arrays = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    del metadata["sha256"]
    for _ in range(random.choice((1, 1, 2, 4))):
        random.choice((forge_value, forge_metadata, forge_array))(metadata, arrays, random)
    content = to_safetensors(arrays, metadata | {"sha256": compute_digest(metadata, arrays)})
    return mutate_header(content, random) if random.random() < 0.1 else content


NONSENSE = (
    None,
    True,
    -1,
    0,
    1,
    7,
    10**30,
    1e308,
    -0.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "9" * 50,
    [],
    [1],
    [[]],
    {},
)


def forge_value(metadata: dict[str, str], arrays: dict[str, np.ndarray], random: Random) -> None:
    try:
        values = json.loads(metadata["values"])
    except (KeyError, ValueError):
        return
    if not isinstance(values, dict) or not values:
        return
    holder = values
    name = random.choice(list(values))
    if isinstance(values[name], dict) and values[name] and random.random() < 0.7:
        holder = values[name]
        name = random.choice(list(holder))
    if random.random() < 0.2:
        del holder[name]
    elif isinstance(holder[name], list) and holder[name] and random.random() < 0.5:
        holder[name][random.randrange(len(holder[name]))] = random.choice(NONSENSE)
    else:
        holder[name] = random.choice(NONSENSE)
    if random.random() < 0.1:
        values["foreign"] = random.choice(NONSENSE)
    metadata["values"] = json.dumps(values)


def forge_metadata(metadata: dict[str, str], arrays: dict[str, np.ndarray], random: Random) -> None:
    name = random.choice(list(metadata))
    match random.randrange(3):
        case 0 if len(metadata) > 1:
            del metadata[name]
        case 1:
            metadata[name] = json.dumps(random.choice(NONSENSE))
        case _:
            metadata[name] = mutate(metadata[name].encode(), random).decode(errors="replace")


def forge_array(metadata: dict[str, str], arrays: dict[str, np.ndarray], random: Random) -> None:
    if not arrays:
        return
    name = random.choice(list(arrays))
    array = arrays[name]
    match random.randrange(7):
        case 0:
            del arrays[name]
        case 1:
            with np.errstate(all="ignore"):
                arrays[name] = array.astype(random.choice(("f4", "f8", "i8", "u1", "b1", "f2")))
        case 2:
            arrays[name] = array[:-1]
        case 3:
            arrays[name] = array.reshape(-1, 1)
        case 4 if array.size:
            array.flat[random.randrange(array.size)] = random.choice((0, 1, 100))
        case 5 if array.size and array.dtype.kind == "f":
            with np.errstate(over="ignore"):
                array.flat[random.randrange(array.size)] = random.choice((np.nan, np.inf, 1e308, -1e308))
        case _:
            arrays[name] = np.zeros(random.choice(((), (0,), (1,), (3, 4), array.shape)), random.choice(("f8", "i8")))


def mutate_header(content: bytes, random: Random) -> bytes:
    """Damage the head of the file, which says where its tensors lie."""
    (length,) = struct.unpack("<Q", content[:8])
    head = mutate(content[8 : 8 + length], random)
    return struct.pack("<Q", len(head)) + head + content[8 + length :]


def test_command_lines(seeds: Iterator[int], commands: Commands) -> None:
    (commands.folder / "data.csv").write_text(CSV)
    (commands.folder / "experiment.toml").write_text(EXPERIMENT)
    starts = [
        ["trace", "experiment.toml", "--step", "2", "--format", "json"],
        ["worksheet", "experiment.toml", "--hide", "backward", "--seed", "3", "--format", "latex", "--no-answers"],
        ["train", "experiment.toml", "--max-epochs", "2"],
        ["train", "--data", "data.csv", "--target", "kind", "--task", "auto", "--decimal", "."],
        ["resume", "run", "--summary", "summary.json"],
        ["resume", "--list"],
        ["runs", "--json"],
        ["predict", "run", "data.csv", "--output", "out.csv"],
        ["export", "run", "--format", "npz", "--output", "out.npz", "--overwrite"],
        ["code", "experiment.toml", "--as", "pytorch", "--output", "out.py"],
        ["walk", "mazur"],
        ["lessons"],
        ["datasets"],
        COMMAND_LINE,
        COMMAND_LINE,
        COMMAND_LINE,
    ]

    def prepare(random: Random) -> list[str]:
        words = list(random.choice(starts))
        for _ in range(random.choice((1, 1, 2, 4))):
            at = random.randrange(len(words))
            match random.randrange(6):
                case 0 if len(words) > 1:
                    del words[at]
                case 1:
                    words.insert(at, words[random.randrange(len(words))])
                case _:
                    words[at] = mutate_text(words[at], random)
        # the last of two options wins
        return [*words, *SHORT] if words[0] == "train" else words

    try_all(seeds, commands, prepare)
