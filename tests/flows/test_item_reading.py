"""Action items as people write them."""

import pytest

from bot.domain.roster import Roster
from handlers.item_reading import WrittenItem, read_item

ROSTER = Roster.model_validate(
    {
        "people": {
            "anna": {"name": "Anna", "telegram": 1},
            "anna-maria": {"name": "Anna Maria", "telegram": 2},
            "dan": {"name": "Дан", "telegram": 3},
        },
        "chats": {"responders": {"id": -1001}},
    }
)


@pytest.mark.parametrize(
    ("written", "item"),
    [
        ("Raise the pool @anna friday", WrittenItem("Raise the pool", "anna", "friday")),
        ("Raise the pool, @Anna: by 2w", WrittenItem("Raise the pool", "anna", "by 2w")),
        ("Raise the pool @anna maria 3d", WrittenItem("Raise the pool", "anna-maria", "3d")),
        ("Увеличить пул @дан завтра", WrittenItem("Увеличить пул", "dan", "завтра")),
        ("@anna Raise the pool in 2 w", WrittenItem("Raise the pool", "anna", "in 2 w")),
        ("@anna Raise the pool", WrittenItem("Raise the pool", "anna", "")),
        ("Mail team@example.org @anna", WrittenItem("Mail team@example.org", "anna", "")),
        ("Ask @dan for access @anna tomorrow", WrittenItem("Ask @dan for access", "anna", "tomorrow")),
        ("Raise the pool @annabel friday", WrittenItem("Raise the pool", "annabel", "friday")),
        ("@anna", WrittenItem("", "anna", "")),
        ("Raise the pool", None),
        ("Mail team@example.org", None),
        ("", None),
    ],
)
def test_the_parts_of_an_action_item(written: str, item: WrittenItem | None) -> None:
    """What, who and until when, in either order; a name that nobody has stays for the desk to refuse."""
    assert read_item(ROSTER, written) == item
