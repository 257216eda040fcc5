"""Notes gathered while one document is read."""

from dataclasses import dataclass, field

from catalogue.dimap.facts import Note


@dataclass
class Notes:
    """The notes about the document at `path`; each is kept once."""

    path: str
    taken: list[Note] = field(default_factory=list)

    def add(self, code: str, sentence: str, path: str | None = None) -> None:
        note = Note(code, self.path if path is None else path, sentence)
        if note not in self.taken:
            self.taken.append(note)
