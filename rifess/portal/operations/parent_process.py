"""Processes that end when the one that started them is gone, so that old code does not go on answering."""

import os
import signal
import threading
import time

VARIABLE = "RIFESS_PARENT_PID"
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_TO_FINISH = 10


def environment_of_children():
    """The environment in which the processes started by this one end with it."""
    return os.environ | {VARIABLE: str(os.getpid())}


def end_with_parent():
    """Stop this process in an orderly way once its parent is gone. Does nothing where the parent did not ask for it."""
    if os.environ.get(VARIABLE) == str(os.getppid()):
        threading.Thread(target=_watch, args=(os.getppid(),), name="parent-process", daemon=True).start()


def _watch(parent):
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_FINISH)
    os._exit(1)
