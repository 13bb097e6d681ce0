"""The kernel filter and the switches, tried in a child process: a filter cannot be taken off again."""

from __future__ import annotations

import errno
import json
import platform
import subprocess
import sys

import pytest

from scribe_app import offline

PROBE = """
import ctypes, json, os, resource, sys
from scribe_app import offline
filtered = offline.enforce()
libc = ctypes.CDLL(None, use_errno=True)
opened = {name: libc.socket(family, 1, 0) for name, family in
          {"unix": 1, "inet": 2, "inet6": 10, "packet": 17}.items()}
child = os.popen(f"{sys.executable} -c 'import ctypes; print(ctypes.CDLL(None).socket(2, 1, 0))'").read()
print(json.dumps({"filtered": filtered, "opened": opened, "child": int(child),
                  "uring": libc.syscall(425, 1, None),
                  "cores": resource.getrlimit(resource.RLIMIT_CORE)[0],
                  "denied": offline.ip_sockets_denied(),
                  "telemetry": os.environ["ORT_DISABLE_TELEMETRY"]}))
"""


@pytest.fixture(scope="module")
def probe() -> dict[str, object]:
    result = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=60, check=True
    )
    return dict(json.loads(result.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel filter is Linux's")
def test_ip_sockets_are_refused_and_unix_sockets_are_not(probe: dict[str, object]) -> None:
    opened = probe["opened"]
    assert isinstance(opened, dict)
    assert probe["filtered"] is True
    assert probe["denied"] is True
    assert opened["unix"] >= 0
    assert (opened["inet"], opened["inet6"], opened["packet"]) == (-1, -1, -1)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel filter is Linux's")
def test_children_inherit_the_filter_and_io_uring_is_no_way_around(probe: dict[str, object]) -> None:
    assert probe["child"] == -1
    assert probe["uring"] == -1


def test_switches_are_set_by_importing_the_package(probe: dict[str, object]) -> None:
    assert probe["telemetry"] == "1"
    assert offline.SWITCHES["HF_HUB_OFFLINE"] == "1"


@pytest.mark.skipif(sys.platform == "win32", reason="no core files on Windows")
def test_no_core_files(probe: dict[str, object]) -> None:
    assert probe["cores"] == 0


TILES = """
import ctypes, json
from scribe_app import offline
libc = ctypes.CDLL(None, use_errno=True)
before = libc.syscall(158, 0x1021, ctypes.byref(ctypes.c_uint64()))
filtered = offline.deny_matrix_tiles()
refused = libc.syscall(158, 0x1023, 18)
print(json.dumps({"filtered": filtered, "refused": refused, "error": ctypes.get_errno(), "before": before,
                  "other": libc.syscall(158, 0x1021, ctypes.byref(ctypes.c_uint64())),
                  "unix": libc.socket(1, 1, 0), "ip": libc.socket(2, 1, 0)}))
"""


@pytest.mark.skipif(platform.machine() != "x86_64" or sys.platform != "linux", reason="x86-64 Linux has them")
def test_matrix_tiles_are_refused_and_nothing_else_is() -> None:
    """llama.cpp compiled by GCC 12 crashes with them on Intel's servers, at its first word."""
    result = subprocess.run(
        [sys.executable, "-c", TILES], capture_output=True, text=True, timeout=60, check=True
    )
    told = json.loads(result.stdout)
    assert told["filtered"] is True
    assert (told["refused"], told["error"]) == (-1, errno.EPERM)
    assert told["other"] == told["before"]
    assert told["unix"] >= 0
    assert told["ip"] >= 0, "whoever loads a model in a process of theirs keeps what else it does"
