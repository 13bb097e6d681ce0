"""Nothing leaves: the switches, the kernel filter and the hardening every process starts with."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

SWITCHES = {
    # onnxruntime >= 1.29 sends telemetry unless this is set before it loads (measured: 36 IP socket calls).
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "PYANNOTE_METRICS_ENABLED": "0",
}

PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2

_BPF_LD_W_ABS, _BPF_JEQ_K, _BPF_RET_K = 0x20, 0x15, 0x06
_RET_ALLOW, _RET_EPERM = 0x7FFF0000, 0x00050001
_AF_INET, _AF_INET6, _AF_PACKET = 2, 10, 17
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SOCKET_CALL = {"x86_64": 41, "aarch64": 198}
_SOCK_DGRAM = 2
_ARCH_PRCTL, _ARCH_REQ_XCOMP_PERM = 158, 0x1023
_IO_URING_SETUP = 425  # io_uring can open sockets without the socket call


def set_switches() -> None:
    """Put the opt-outs of our dependencies into the environment; children inherit them."""
    os.environ.update(SWITCHES)


def harden_process() -> None:
    """Keep speech and letters out of core files and out of other programs' reach (Linux, macOS)."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _libc().prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def deny_ip_sockets() -> bool:
    """Have the kernel refuse IP and packet sockets to this process and all its children.

    Returns True where a filter is in force (Linux on x86-64 and arm64), False where the platform's own
    means (firewall rule, sandbox entitlement) must do it. The filter cannot be taken off again.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _AUDIT_ARCH:
        return False
    return _filter(_assemble(_AUDIT_ARCH[machine], _SOCKET_CALL[machine]))


def deny_matrix_tiles() -> bool:
    """Have the kernel refuse AMX, the matrix tiles of Intel's servers, to this process (Linux on x86-64).

    llama.cpp asks the kernel for them and does without where it may not; compiled by GCC 12 it crashes with
    them, because `_tile_loadconfig` there tells the compiler of 8 of the 64 bytes that the processor reads.
    It refuses nothing else. Every process of ours has been refused IP sockets before it comes here, so that
    who sees a filter on one, as the proof that nothing leaves does, may conclude that it has none of them.
    Returns False, and does nothing, on other platforms.
    """
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    program = [
        (_BPF_LD_W_ABS, 0, 0, 4),
        (_BPF_JEQ_K, 0, 5, _AUDIT_ARCH["x86_64"]),
        (_BPF_LD_W_ABS, 0, 0, 0),
        (_BPF_JEQ_K, 0, 3, _ARCH_PRCTL),
        (_BPF_LD_W_ABS, 0, 0, 16),
        (_BPF_JEQ_K, 0, 1, _ARCH_REQ_XCOMP_PERM),
        (_BPF_RET_K, 0, 0, _RET_EPERM),
        (_BPF_RET_K, 0, 0, _RET_ALLOW),
    ]
    return _filter(b"".join(struct.pack("HBBI", *instruction) for instruction in program))


def _filter(code: bytes) -> bool:
    program = ctypes.create_string_buffer(code, len(code))
    fprog = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(program))
    libc = _libc()
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, fprog, 0, 0) == 0)


def ip_sockets_denied() -> bool:
    """Try it: whether the kernel refuses an IPv4 and an IPv6 socket to this process (Linux)."""
    if sys.platform != "linux":
        return False
    libc = _libc()
    for family in (_AF_INET, _AF_INET6):
        descriptor = libc.socket(family, _SOCK_DGRAM, 0)
        if descriptor >= 0:
            os.close(descriptor)
            return False
    return True


def enforce() -> bool:
    """Switches, hardening and filter in the right order. Call before anything native is imported."""
    set_switches()
    harden_process()
    return deny_ip_sockets()


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _assemble(arch: int, socket_call: int) -> bytes:
    """The filter as classic BPF: 8 bytes per instruction (seccomp(2)).

    seccomp_data: call number at byte 0, architecture at 4, low word of the first argument at 16.
    """
    program = [
        (_BPF_LD_W_ABS, 0, 0, 4),
        (_BPF_JEQ_K, 1, 0, arch),
        (_BPF_RET_K, 0, 0, _RET_EPERM),  # another calling convention would walk around the filter
        (_BPF_LD_W_ABS, 0, 0, 0),
        (_BPF_JEQ_K, 6, 0, _IO_URING_SETUP),
        (_BPF_JEQ_K, 0, 4, socket_call),
        (_BPF_LD_W_ABS, 0, 0, 16),
        (_BPF_JEQ_K, 3, 0, _AF_INET),
        (_BPF_JEQ_K, 2, 0, _AF_INET6),
        (_BPF_JEQ_K, 1, 0, _AF_PACKET),
        (_BPF_RET_K, 0, 0, _RET_ALLOW),
        (_BPF_RET_K, 0, 0, _RET_EPERM),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
