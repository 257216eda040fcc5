"""The child's way of saying no: a code and numbers, put into words by the parent."""


class Bad(Exception):
    """The file is refused; `code` is a key of `dinamis.uploads.sentences`, `facts` fill its words."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
