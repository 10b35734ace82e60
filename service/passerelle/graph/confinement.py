"""What a process may do, set by itself before it reads a question: little memory, bounded time, no network.

The limits hold for whatever a question makes the engine do, also where the checks before it were fooled.
"""

from __future__ import annotations

import ctypes
import math
import os
import platform
import resource
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_SECCOMP_ALLOW = 0x7FFF0000
_SECCOMP_ERRNO_EACCES = 0x00050000 | 13
_ERROR_OUTPUT_BYTES = 1024 * 1024

# classic BPF: load a word of seccomp_data, jump if equal, at least, or any bit is set, return (linux/filter.h)
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _JUMP_IF_ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_ARGUMENTS, _ARGUMENT_BYTES = 0, 4, 16, 8
# audit architecture and the numbers of socket(2) and io_uring_setup(2), which could open one as well
_SYSTEM_CALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
# the other numbering that x86-64 knows (x32) has this bit set
_OTHER_NUMBERING = 0x40000000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True, slots=True)
class _Hands:
    """System calls that reach beyond a process, by their numbers: `refused`, and those that open, with their flags.

    `opening` gives the position of the argument that holds the flags.
    """

    refused: tuple[int, ...]
    opening: Mapping[int, int]


# in the order of the lines: execve, execveat · ptrace, process_vm_readv, process_vm_writev · kill, tkill,
# rt_sigqueueinfo, pidfd_send_signal · openat2 (its flags lie in memory, where a filter cannot look) · mknodat, mkdirat,
# unlinkat, symlinkat, linkat, renameat, renameat2, truncate · on x86-64 their older forms: creat, mknod, mkdir, rmdir,
# unlink, symlink, link, rename
_HANDS = {
    "x86_64": _Hands(
        (
            *(59, 322, 101, 310, 311, 62, 200, 129, 424, 437, 259, 258, 263, 266, 265, 264, 316, 76),
            *(85, 133, 83, 84, 87, 88, 86, 82),
        ),
        {2: 1, 257: 2},
    ),
    "aarch64": _Hands(
        (221, 281, 117, 270, 271, 129, 130, 138, 424, 437, 33, 34, 35, 36, 37, 38, 276, 45),
        {56: 2},
    ),
}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def confine(address_space: int, parent: int) -> None:
    """Limit this process: `address_space` bytes, no core dump, no network; it ends when process `parent` does."""
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # nothing of ours writes a file: this is for what a foreign library might think of
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ERROR_OUTPUT_BYTES, _ERROR_OUTPUT_BYTES))
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)
        _forbid_sockets(library)


def allow_cpu(seconds: float) -> None:
    """Let this process use `seconds` more of processor time; the kernel ends it after that, also as an orphan."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(usage.ru_utime + usage.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _forbid_sockets(library: ctypes.CDLL) -> None:
    calls = _SYSTEM_CALLS.get(platform.machine())
    if calls is None:
        return
    architecture, socket, io_uring = calls
    program = (_Instruction * 7)(
        _Instruction(_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        _Instruction(_JUMP_IF_EQUAL, 0, 3, architecture),
        _Instruction(_LOAD, 0, 0, _OFFSET_NUMBER),
        _Instruction(_JUMP_IF_EQUAL, 2, 0, socket),
        _Instruction(_JUMP_IF_EQUAL, 1, 0, io_uring),
        _Instruction(_RETURN, 0, 0, _SECCOMP_ALLOW),
        _Instruction(_RETURN, 0, 0, _SECCOMP_ERRNO_EACCES),
    )
    _install(library, program)


def tie_hands() -> None:
    """From here on this process writes to no file, starts no program, and touches no other process.

    For processes whose input comes from strangers. What it has open, it may go on using; reading stays allowed, as
    modules and the files of a store are opened when they are needed.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    calls, hands = _SYSTEM_CALLS.get(platform.machine()), _HANDS.get(platform.machine())
    if sys.platform != "linux" or calls is None or hands is None:
        return
    checks = [
        instruction
        for argument in sorted(set(hands.opening.values()))
        for instruction in (
            _Instruction(_LOAD, 0, 0, _OFFSET_ARGUMENTS + _ARGUMENT_BYTES * argument),
            _Instruction(_JUMP_IF_ANY, 0, 1, _WRITING),
            _Instruction(_RETURN, 0, 0, _SECCOMP_ERRNO_EACCES),
            _Instruction(_RETURN, 0, 0, _SECCOMP_ALLOW),
        )
    ]
    places = {argument: 4 * index for index, argument in enumerate(sorted(set(hands.opening.values())))}
    lines = [
        _Instruction(_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        _Instruction(_JUMP_IF_EQUAL, 1, 0, calls[0]),
        _Instruction(_RETURN, 0, 0, _SECCOMP_ERRNO_EACCES),
        _Instruction(_LOAD, 0, 0, _OFFSET_NUMBER),
        _Instruction(_JUMP_IF_AT_LEAST, 0, 1, _OTHER_NUMBERING),
        _Instruction(_RETURN, 0, 0, _SECCOMP_ERRNO_EACCES),
    ]
    for number in hands.refused:
        lines += [
            _Instruction(_JUMP_IF_EQUAL, 0, 1, number),
            _Instruction(_RETURN, 0, 0, _SECCOMP_ERRNO_EACCES),
        ]
    for index, (number, argument) in enumerate(hands.opening.items()):
        after = len(hands.opening) - index  # the jumps that follow, and the return after them
        lines.append(_Instruction(_JUMP_IF_EQUAL, after + places[argument], 0, number))
    lines += [_Instruction(_RETURN, 0, 0, _SECCOMP_ALLOW), *checks]
    _install(ctypes.CDLL(None, use_errno=True), (_Instruction * len(lines))(*lines))


def _install(library: ctypes.CDLL, program: ctypes.Array[_Instruction]) -> None:
    # a kernel without seccomp refuses both calls; the checks before the process still stand
    library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    library.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(_Program(len(program), program)), 0, 0)
