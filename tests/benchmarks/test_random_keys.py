"""How much the program grows while random keys are pressed at full speed, after the first minute."""

import os
import random
import sys
from contextlib import suppress
from pathlib import Path
from statistics import median
from time import monotonic

import pexpect
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

GRADSTEP = str(Path(sys.executable).with_name("gradstep"))
MINUTES, SECONDS_A_KEY, SEED = 10, 0.07, 7
KEYS = [*"sS+-[]{}<>npcvVyx123456789mwebfPRrhu? \t\r\x0c\x1b", *(f"\x1b[{end}" for end in "ABCDHF")]
"""All keys but those that quit."""


def resident_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


@pytest.mark.timeout(60 * (MINUTES + 2))
def test_growth_under_random_keys(tmp_path: Path, benchmark: BenchmarkFixture, report: list[str]) -> None:
    environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "XDG_STATE_HOME": str(tmp_path)}
    arguments = ["train", "--pace", "max", "--max-epochs", "1000000000"]
    program = pexpect.spawn(GRADSTEP, arguments, dimensions=(40, 120), env=environment, cwd=str(tmp_path))
    output = program.logfile_read = (tmp_path / "output").open("wb")
    sizes: dict[int, list[float]] = {}

    def press_keys() -> None:
        keys, started = random.Random(SEED), monotonic()
        while (minute := int((monotonic() - started) / 60)) < MINUTES:
            with suppress(pexpect.TIMEOUT):
                program.read_nonblocking(100_000, timeout=SECONDS_A_KEY)
            program.send(keys.choice(KEYS))
            sizes.setdefault(minute, []).append(resident_megabytes(program.pid))

    try:
        benchmark.pedantic(press_keys)
    except pexpect.EOF:
        program.close()
        output.flush()
        written = (tmp_path / "output").read_bytes()[-3000:].decode(errors="replace")
        pytest.fail(f"the program ended: status {program.exitstatus}, signal {program.signalstatus}\n{written!r}")
    program.close(force=True)
    output.close()
    first, *others = (median(sizes[minute]) for minute in range(1, MINUTES))
    report.append(
        f"{MINUTES} minutes of random keys, seed {SEED}: {first:.0f} MB at the median of the second, "
        f"{others[-1] - first:+.0f} MB at that of the last, at most {max(others) - first:+.0f} MB   target +20 MB"
    )
    report.append(f"    single moments: {min(sizes[1]):.0f} to {max(max(each) for each in sizes.values()):.0f} MB")
