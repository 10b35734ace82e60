"""System calls that reach beyond a process, with their numbers on the two kinds of machine and why each is refused.

Numbers: `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h` of Linux; what a kernel does
not know does no harm in a list.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Call(NamedTuple):
    """A system call and its numbers; None where a machine has none of this name."""

    name: str
    x86_64: int | None
    aarch64: int | None

    def number(self, machine: str) -> int | None:
        """Its number on a machine, as `platform.machine()` calls it."""
        return {"x86_64": self.x86_64, "aarch64": self.aarch64}.get(machine)


REFUSED: Mapping[str, tuple[Call, ...]] = {
    "starts a program": (
        Call("execve", 59, 221),
        Call("execveat", 322, 281),
        Call("fork", 57, None),
        Call("vfork", 58, None),
    ),
    "reads or steers another process, or takes what it has open": (
        Call("ptrace", 101, 117),
        Call("process_vm_readv", 310, 270),
        Call("process_vm_writev", 311, 271),
        Call("process_madvise", 440, 440),
        Call("process_mrelease", 448, 448),
        Call("pidfd_open", 434, 434),
        Call("pidfd_getfd", 438, 438),
        Call("kcmp", 312, 272),
        Call("migrate_pages", 256, 238),
        Call("move_pages", 279, 239),
        Call("setpriority", 141, 140),
        Call("ioprio_set", 251, 30),
        Call("sched_setaffinity", 203, 122),
        Call("sched_setscheduler", 144, 119),
        Call("sched_setparam", 142, 118),
        Call("sched_setattr", 314, 274),
    ),
    "sends a signal": (
        Call("kill", 62, 129),
        Call("tkill", 200, 130),
        Call("rt_sigqueueinfo", 129, 138),
        Call("rt_tgsigqueueinfo", 297, 240),
        Call("pidfd_send_signal", 424, 424),
    ),
    # openat2: its flags lie in memory, where a filter cannot look. A file handle is opened past the folders above it
    "opens a file in a way that is not looked at": (
        Call("openat2", 437, 437),
        Call("creat", 85, None),
        Call("name_to_handle_at", 303, 264),
        Call("open_by_handle_at", 304, 265),
    ),
    "makes, moves, shortens or removes a file": (
        Call("truncate", 76, 45),
        Call("mknod", 133, None),
        Call("mknodat", 259, 33),
        Call("mkdir", 83, None),
        Call("mkdirat", 258, 34),
        Call("rmdir", 84, None),
        Call("unlink", 87, None),
        Call("unlinkat", 263, 35),
        Call("symlink", 88, None),
        Call("symlinkat", 266, 36),
        Call("link", 86, None),
        Call("linkat", 265, 37),
        Call("rename", 82, None),
        Call("renameat", 264, 38),
        Call("renameat2", 316, 276),
    ),
    "changes the rights, the owner, the times or the attributes of a file": (
        Call("chmod", 90, None),
        Call("fchmod", 91, 52),
        Call("fchmodat", 268, 53),
        Call("fchmodat2", 452, 452),
        Call("chown", 92, None),
        Call("fchown", 93, 55),
        Call("lchown", 94, None),
        Call("fchownat", 260, 54),
        Call("utime", 132, None),
        Call("utimes", 235, None),
        Call("futimesat", 261, None),
        Call("utimensat", 280, 88),
        Call("setxattr", 188, 5),
        Call("lsetxattr", 189, 6),
        Call("fsetxattr", 190, 7),
        Call("removexattr", 197, 14),
        Call("lremovexattr", 198, 15),
        Call("fremovexattr", 199, 16),
    ),
    "changes which files there are": (
        Call("mount", 165, 40),
        Call("umount2", 166, 39),
        Call("pivot_root", 155, 41),
        Call("chroot", 161, 51),
        Call("open_tree", 428, 428),
        Call("move_mount", 429, 429),
        Call("fsopen", 430, 430),
        Call("fsconfig", 431, 431),
        Call("fsmount", 432, 432),
        Call("fspick", 433, 433),
        Call("mount_setattr", 442, 442),
        Call("unshare", 272, 97),
        Call("setns", 308, 268),
    ),
    "shares memory, messages or keys with other processes": (
        Call("shmget", 29, 194),
        Call("semget", 64, 190),
        Call("msgget", 68, 186),
        Call("mq_open", 240, 180),
        Call("mq_unlink", 241, 181),
        Call("add_key", 248, 217),
        Call("request_key", 249, 218),
        Call("keyctl", 250, 219),
    ),
    "has often opened a way into the kernel": (
        Call("bpf", 321, 280),
        Call("perf_event_open", 298, 241),
        Call("userfaultfd", 323, 282),
    ),
}
"""Refused whatever their arguments are, by reason."""

UNKNOWN = (Call("clone3", 435, 435),)
"""Said not to exist: its flags lie in memory, and the C library takes clone in its place, whose flags do not."""


class Refusal(Enum):
    """When a call is refused: the argument has `ANY` of the bits, `NONE` of them, is `EQUAL`, is `UNEQUAL`."""

    ANY = "any"
    NONE = "none"
    EQUAL = "equal"
    UNEQUAL = "unequal"


@dataclass(frozen=True, slots=True)
class Condition:
    """A call that is refused for some values of its `argument` (its position); `value` None is this process's id."""

    call: Call
    argument: int
    refusal: Refusal
    value: int | None


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CLONE_THREAD = 0x10000
_TIOCSTI = 0x5412
_AF_UNIX = 1

CONDITIONS = (
    Condition(Call("open", 2, None), 1, Refusal.ANY, _WRITING),
    Condition(Call("openat", 257, 56), 2, Refusal.ANY, _WRITING),
    # a thread is allowed, a process is not
    Condition(Call("clone", 56, 220), 0, Refusal.NONE, _CLONE_THREAD),
    # abort() sends its signal in this way, and its end is told from others by that signal
    Condition(Call("tgkill", 234, 131), 0, Refusal.UNEQUAL, None),
    # processes that may ask endpoints on the network have nothing to ask of other programs of this machine
    Condition(Call("socket", 41, 198), 0, Refusal.EQUAL, _AF_UNIX),
    # types into the terminal of who started the process
    Condition(Call("ioctl", 16, 29), 1, Refusal.EQUAL, _TIOCSTI),
)
"""Refused for some arguments."""
