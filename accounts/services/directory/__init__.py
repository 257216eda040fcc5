"""The directory of public registers: filled by a command, searched by typing."""

from accounts.services.directory.filling import Counts, fill
from accounts.services.directory.finding import Found, entry_of, find, supervisors_of

__all__ = ["Counts", "Found", "entry_of", "fill", "find", "supervisors_of"]
