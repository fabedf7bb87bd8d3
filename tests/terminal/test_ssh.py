"""A run over a real sshd on the loopback interface survives the end of the client."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.saved import find_processes, find_saved_step, load_latest
from tests.terminal.terminal import GRADSTEP, Terminal, wait_until

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

pytestmark = pytest.mark.skipif(
    not (SSHD and shutil.which("ssh") and shutil.which("ssh-keygen")), reason="needs sshd, ssh and ssh-keygen"
)

CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/person.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
SetEnv XDG_STATE_HOME={state} LC_ALL=C.UTF-8 {pythonpath}
"""


@pytest.fixture
def ssh(tmp_path: Path, state: Path) -> Iterator[tuple[str, ...]]:
    """The ssh command that runs the command after it on a terminal of the other side."""
    for key in ("host", "person"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / key)], check=True)
    port = find_free_port()
    config = tmp_path / "sshd_config"
    path = os.environ.get("PYTHONPATH")
    pythonpath = f"PYTHONPATH={path}" if path else ""
    config.write_text(CONFIG.format(port=port, folder=tmp_path, state=state, pythonpath=pythonpath))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(
            mode=0o755, exist_ok=True
        )  # sshd needs it, and the system makes it only for its own sshd
    log = (tmp_path / "sshd.log").open("wb")
    with log, subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], env={}, stderr=log) as server:
        wait_until(lambda: answers(port) or server.poll() is not None, "sshd to listen")
        if server.poll() is not None:
            pytest.skip(f"sshd does not start: {(tmp_path / 'sshd.log').read_text()}")
        try:
            options = ("StrictHostKeyChecking=no", f"UserKnownHostsFile={tmp_path}/known", "LogLevel=ERROR")
            named = [word for option in options for word in ("-o", option)]
            key = ("-i", str(tmp_path / "person"), "-p", str(port))
            yield ("ssh", "-F", "none", "-tt", *named, *key, f"{getpass.getuser()}@127.0.0.1", GRADSTEP)
        finally:
            server.terminate()


def find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def test_a_run_survives_a_broken_connection(ssh: tuple[str, ...], state: Path) -> None:
    with Terminal("train", "--pace", "100", "--max-epochs", "1000000", program=ssh, COLORTERM=None) as terminal:
        terminal.until_drawn()
        seen = terminal.number("step")
        terminal.send(signal.SIGKILL)
        terminal.end()
    wait_until(lambda: find_processes(state) == [], "the end of every process on the other side")
    left_at = find_saved_step(state)
    assert left_at >= seen
    assert load_latest(state).state.values["step"] == left_at

    with Terminal("resume", "--pace", "100", program=ssh, COLORTERM=None) as terminal:
        terminal.until(r"step [1-9]")
        terminal.until_true(lambda: terminal.number("step") > left_at, "the training to go on")
        assert b"38;2;" not in terminal.sent
        terminal.press("q", "q")
        assert terminal.end() == 0
        assert terminal.modes_left_on() == []
        assert "gradstep resume" in terminal.text
    assert find_saved_step(state) > left_at
