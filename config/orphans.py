"""Nothing outlives the process that started it, however that one ended."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with_parent(*, parent: int, signum: int = signal.SIGKILL) -> None:
    """Ask the kernel for this signal when the parent is gone (Linux; elsewhere nothing happens).

    Call it in the child, after any change of user, which clears the request. The kernel watches
    the parent's thread that forked, so that a supervisor forks from its main thread only.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signum)
