"""What a process may do, set by itself before it reads a question: little memory, bounded time, no network.

The limits hold for whatever a question makes the engine do, also where the checks before it were fooled.
"""

from __future__ import annotations

import ctypes
import errno
import math
import os
import platform
import resource
import signal
import sys

from passerelle.graph.processes.system_calls import CONDITIONS, REFUSED, UNKNOWN, Condition, Refusal

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_SECCOMP_ALLOW = 0x7FFF0000
_SECCOMP_ERRNO_EACCES = 0x00050000 | errno.EACCES
_SECCOMP_ERRNO_ENOSYS = 0x00050000 | errno.ENOSYS
_ERROR_OUTPUT_BYTES = 1024 * 1024

# classic BPF: load a word of seccomp_data, jump if equal, at least, or any bit is set, return (linux/filter.h)
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _JUMP_IF_ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_ARGUMENTS, _ARGUMENT_BYTES = 0, 4, 16, 8
# audit architecture and the numbers of socket(2) and io_uring_setup(2), which could open one as well
_SYSTEM_CALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
# the other numbering that x86-64 knows (x32) has this bit set
_OTHER_NUMBERING = 0x40000000
# the third layout of capset(2), which is the one in use: two words of each set (linux/capability.h)
_CAPABILITY_LAYOUT = 0x20080522
# how a jump goes on: over a line to what allows, or on to the line that refuses
_JUMPS = {
    Refusal.ANY: (_JUMP_IF_ANY, 0, 1),
    Refusal.NONE: (_JUMP_IF_ANY, 1, 0),
    Refusal.EQUAL: (_JUMP_IF_EQUAL, 0, 1),
    Refusal.UNEQUAL: (_JUMP_IF_EQUAL, 1, 0),
}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def confine(address_space: int, parent: int, *, network: bool = False) -> None:
    """Limit this process: `address_space` bytes, no core dump, no network; it ends when process `parent` does.

    With `network` it may open sockets, and is otherwise confined like the others.
    """
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # nothing of ours writes a file: this is for what a foreign library might think of
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ERROR_OUTPUT_BYTES, _ERROR_OUTPUT_BYTES))
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)
        close_memory()
        _forbid_sockets(library, network=network)


def close_memory() -> None:
    """Keep this process's memory and environment from other processes of the same user, and from core dumps.

    For workers, and for who starts them: that one holds what others submitted than the sender of a hostile file.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def allow_cpu(seconds: float) -> None:
    """Let this process use `seconds` more of processor time; the kernel ends it after that, also as an orphan."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(usage.ru_utime + usage.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _forbid_sockets(library: ctypes.CDLL, *, network: bool) -> None:
    calls = _SYSTEM_CALLS.get(platform.machine())
    if calls is None:
        return
    architecture, socket, io_uring = calls
    if network:
        socket = io_uring
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
    modules and the files of a store are opened when they are needed, and so do threads. What is refused stands in
    `system_calls`.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    machine = platform.machine()
    calls = _SYSTEM_CALLS.get(machine)
    if sys.platform != "linux" or calls is None:
        return
    library = ctypes.CDLL(None, use_errno=True)
    _give_up_privileges(library)
    lines = [
        _Instruction(_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        _Instruction(_JUMP_IF_EQUAL, 1, 0, calls[0]),
        _Instruction(_RETURN, 0, 0, _SECCOMP_ERRNO_EACCES),
        _Instruction(_LOAD, 0, 0, _OFFSET_NUMBER),
        _Instruction(_JUMP_IF_AT_LEAST, 0, 1, _OTHER_NUMBERING),
        _Instruction(_RETURN, 0, 0, _SECCOMP_ERRNO_EACCES),
    ]
    refused = [(call, _SECCOMP_ERRNO_EACCES) for group in REFUSED.values() for call in group]
    for call, answer in (*refused, *((call, _SECCOMP_ERRNO_ENOSYS) for call in UNKNOWN)):
        number = call.number(machine)
        if number is not None:
            lines += [_Instruction(_JUMP_IF_EQUAL, 0, 1, number), _Instruction(_RETURN, 0, 0, answer)]
    for condition in CONDITIONS:
        number = condition.call.number(machine)
        if number is not None:
            checks = _checks(condition)
            lines += [_Instruction(_JUMP_IF_EQUAL, 0, len(checks), number), *checks]
    lines.append(_Instruction(_RETURN, 0, 0, _SECCOMP_ALLOW))
    _install(library, (_Instruction * len(lines))(*lines))


def _checks(condition: Condition) -> list[_Instruction]:
    """What is looked at once the call is known. The lower half of an argument comes first on both machines."""
    jump, refused, allowed = _JUMPS[condition.refusal]
    value = os.getpid() if condition.value is None else condition.value
    return [
        _Instruction(_LOAD, 0, 0, _OFFSET_ARGUMENTS + _ARGUMENT_BYTES * condition.argument),
        _Instruction(jump, refused, allowed, value),
        _Instruction(_RETURN, 0, 0, _SECCOMP_ERRNO_EACCES),
        _Instruction(_RETURN, 0, 0, _SECCOMP_ALLOW),
    ]


def _give_up_privileges(library: ctypes.CDLL) -> None:
    """Without capabilities, which the administrator's account has, it is bound by rights like everybody."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_LAYOUT, 0)
    library.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


def _install(library: ctypes.CDLL, program: ctypes.Array[_Instruction]) -> None:
    # a kernel without seccomp refuses both calls; the checks before the process still stand
    library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    library.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(_Program(len(program), program)), 0, 0)
