"""A terminal whose device belongs to another user, as after su."""

import os
import sys
from pathlib import Path

import pytest

from tests.terminal.terminal import GRADSTEP, Terminal

ON_THE_TERMINAL_OF_ANOTHER_USER = """
import ctypes, os, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
os.fchown(0, 65534, 65534)
os.fchmod(0, 0o600)
for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
    assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Gives the terminal away, and runs a program as a root that may not use the files of others."""


@pytest.mark.skipif(os.getuid() != 0 or sys.platform != "linux", reason="needs root on Linux")
def test_it_draws_on_a_terminal_of_another_user(state: Path) -> None:
    program = (sys.executable, "-c", ON_THE_TERMINAL_OF_ANOTHER_USER, GRADSTEP)
    with Terminal("train", "--pace", "20", program=program) as terminal:
        terminal.until_drawn()
        terminal.press("q", "q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
