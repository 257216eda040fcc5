"""What the kernel remembers of files, for what is measured on a cold disk."""

import os
from pathlib import Path


def forget(root: Path) -> None:
    """Let the kernel drop what it holds of the files below a folder."""
    for path in root.rglob("*"):
        if path.is_file():
            with path.open("rb") as opened:
                os.fsync(opened.fileno())
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
