"""What a person did wrong in the configuration: one line a mistake, and never a secret in it."""

_LONGEST = 600


class ConfigurationError(Exception):
    """Settings, a plan or a roster that cannot be used. Whoever wrote them can mend it.

    `mistakes` has one line each: ``file:line: field: what is wrong; allowed: what is allowed``.
    """

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(mistakes))


def line(place: str, field: str, wrong: str, allowed: str) -> str:
    """One mistake as one line of at most 600 characters."""
    parts = [place, field, wrong] if field else [place, wrong]
    text = " ".join(f"{': '.join(parts)}; allowed: {allowed}".split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
