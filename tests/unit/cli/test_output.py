"""How the command line speaks."""

from __future__ import annotations

import subprocess
import sys

PRINTS_TO_NOBODY = """
import sys
from scribe_app.cli.output import Output
output = Output(as_json=False)
sys.stdin.readline()
for number in range(3):
    output.line(f"line {number}")
print("went on", file=sys.stderr)
"""


def test_a_reader_that_leaves_does_not_end_the_command() -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", PRINTS_TO_NOBODY],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stdout is not None
    program.stdout.close()
    _, errors = program.communicate("go\n", timeout=60)
    assert program.returncode == 0
    assert errors == "went on\n"
