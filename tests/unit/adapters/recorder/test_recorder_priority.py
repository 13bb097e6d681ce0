"""The recorder's share of a busy computer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
ASKED = """
import os, sys
from scribe_app.adapters.recorder.priority import come_first
before = os.getpriority(os.PRIO_PROCESS, 0)
if sys.argv[1] == "somebody":
    os.setuid(65534)
come_first()
come_first()
print(os.getsid(0) == os.getpid(), os.getpriority(os.PRIO_PROCESS, 0) - before)
"""


@pytest.mark.skipif(os.name != "posix", reason="sessions of POSIX systems")
@pytest.mark.parametrize("user", ["root", "somebody"])
def test_it_is_a_session_of_its_own_and_first_in_it_where_that_is_allowed(user: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may raise a niceness, and become another user")
    asked = [sys.executable, "-c", ASKED, user]
    own, raised = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert own == "True"
    assert int(raised) == 0 if user == "somebody" else int(raised) < 0
