"""Ties a process to its parent: when the parent dies, however it dies, the kernel ends the child too.

The tie is cleared when a process changes its user, so it is made after that. Only Linux has it.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def tie(death_signal: int = signal.SIGKILL, parent: int | None = None) -> None:
    """Have `death_signal` sent to this process when its parent ends; at once if it has ended already.

    `parent` is the expected parent's id where it is known; without it, a parent of 1 means an orphan.
    """
    if libc is not None:
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    orphaned = os.getppid() == 1 if parent is None else os.getppid() != parent
    if orphaned:
        os.kill(os.getpid(), death_signal)
