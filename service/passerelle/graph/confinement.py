"""What a query process may do, set by itself before it reads a query: little memory, bounded time, no network.

The limits hold for whatever a query makes the engine do, also where the checks of `sparql.authorise` were fooled.
"""

from __future__ import annotations

import ctypes
import math
import os
import platform
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_SECCOMP_ALLOW = 0x7FFF0000
_SECCOMP_ERRNO_EACCES = 0x00050000 | 13
_ERROR_OUTPUT_BYTES = 1024 * 1024

# classic BPF: load a word of seccomp_data, jump if equal, return (linux/filter.h)
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE = 0, 4
# audit architecture and the numbers of socket(2) and io_uring_setup(2), which could open one as well
_SYSTEM_CALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def confine(address_space: int, parent: int) -> None:
    """Limit this process: `address_space` bytes, no core dump, no network; it ends when process `parent` does."""
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # the store is read-only; what is written is at most a panic message on the error output
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
    # a kernel without seccomp refuses both calls; the checks before the worker still stand
    library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    library.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(_Program(len(program), program)), 0, 0)
