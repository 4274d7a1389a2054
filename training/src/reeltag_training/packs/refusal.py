"""How the importer says no: a stable code, the cause, and what to do about it."""


class ImportRefusedError(Exception):
    def __init__(self, code: str, cause: str, remedy: str):
        super().__init__(f"{code}: {cause}. {remedy}")
        self.code, self.cause, self.remedy = code, cause, remedy


def named(items: list[str], shown: int = 5) -> str:
    """A few names and how many more there are: one wrong prefix makes hundreds wrong."""
    rest = len(items) - shown
    return ", ".join(items[:shown]) + (f" and {rest} more" if rest > 0 else "")
