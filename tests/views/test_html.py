"""Text from outside and the limits of a message."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.entities import utf16_length
from bot.sandbox.markup import parse_html
from bot.views.html import (
    BLANK,
    MESSAGE_LIMIT,
    Line,
    bold,
    is_link,
    link,
    message,
    moment,
    opening,
    paragraph,
    text,
    without_times,
)
from bot.views.outside_text import clean, cut, one_line

FAMILY = "👩‍👩‍👧‍👦"


@settings(deadline=None)
@given(st.text(max_size=6000), st.integers(min_value=1, max_value=400))
def test_any_text_is_escaped_and_bounded(outside: str, limit: int) -> None:
    """Whatever comes in, Telegram's parser gives back what we meant to show, within the bound."""
    piece = text(outside, limit)
    assert parse_html(piece.html).text == piece.plain
    assert utf16_length(piece.plain) <= limit
    assert "\n" not in piece.plain


def test_a_line_opens_with_a_capital_letter() -> None:
    """In every language; a line that opens with a sign, a figure or a tag stays as it is."""
    for said, opened in (("since 12:00", "Since 12:00"), ("с 12:00 & <b>", "С 12:00 & <b>"), ("3 alerts", "3 alerts")):
        assert opening(text(said)) == text(opened)
    for kept in (text(""), text("🔴 red"), text("<b>"), bold(text("bold"))):
        assert opening(kept) == kept


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=3000), st.integers(0, 9)), max_size=12))
def test_a_message_is_never_too_long(parts: list[tuple[str, int]]) -> None:
    """Lines are left out until the rest fits, and what is left is valid."""
    shown = parse_html(message([Line(bold(paragraph(outside, 3000)), weight) for outside, weight in parts]))
    assert utf16_length(shown.text) <= MESSAGE_LIMIT


def test_the_least_important_lines_go_first() -> None:
    """The heaviest line is left out, the others stay in their order."""
    long = "x" * 2000
    kept = message(
        [Line(text("first")), Line(text(long, 2000), 2), Line(text(long, 2000), 1), Line(text(long, 2000), 3)]
    )
    assert kept == f"first\n{long}\n{long}"


def test_more_than_a_hundred_entities_are_not_sent() -> None:
    """Telegram would drop entities beyond 100; lines are left out instead."""
    shown = message([Line(bold(text(f"line {number}")), number) for number in range(150)])
    assert shown.count("<b>") == 100


def test_blank_lines_do_not_pile_up() -> None:
    """A line that says nothing leaves no gap, and blanks at the ends are left out."""
    assert message([BLANK, Line(text("a")), BLANK, Line(text("")), BLANK, Line(text("b")), BLANK]) == "a\n\nb"


def test_what_hides_or_reorders_is_taken_out() -> None:
    """Control, bidirectional and zero-width characters never reach a reader."""
    assert one_line("pay\u202ements\u200b\u2066-api\u0000\ufeff\ttab\r\nline\u2028end") == "payments-api tab line end"


def test_a_number_keeps_its_unit() -> None:
    """A no-break space stays one; a run of them is a run of spaces."""
    assert one_line("7.2\u00a0%  of\u00a0\u00a0all ") == "7.2\u00a0% of all"


def test_piled_up_marks_are_limited() -> None:
    """A letter keeps a few combining marks, not a tower."""
    assert clean("Z" + "\u0301" * 50) == "Z" + "\u0301" * 4


def test_emoji_survive_whole() -> None:
    """A joined emoji stays joined, and is cut as one character or not at all."""
    assert clean(FAMILY) == FAMILY
    assert cut("ab" + FAMILY, 8) == "ab…"
    assert cut("🇩🇪🇫🇷", 5) == "🇩🇪…"


def test_a_cut_prefers_a_space() -> None:
    """A text ends at a word when one ends near the bound."""
    assert cut("one two three fours five", 20) == "one two three fours…"


def test_only_web_links_become_links() -> None:
    """An address Telegram would not link, such as `localhost`, can be copied if it is short, else it is left out."""
    assert is_link("https://example.org/a?b=1")
    assert not any(
        is_link(bad) for bad in ("javascript:alert(1)", "http://localhost:9090", "tg://user?id=1", "http://[", "")
    )
    label = text("Source")
    assert link(label, 'https://e.org/?a="<>').html == '<a href="https://e.org/?a=&quot;&lt;&gt;">Source</a>'
    assert link(label, "http://prometheus:9090").html == "Source: <code>http://prometheus:9090</code>"
    assert not link(label, "http://prometheus:9090/" + "x" * 200)


def test_times_can_be_written_for_an_old_server() -> None:
    """A server without date-time entities gets the time as text."""
    shown = bold(moment(text("14:02 UTC"), 1768917720)).html
    assert shown == '<b><tg-time unix="1768917720">14:02 UTC</tg-time></b>'
    assert without_times(shown) == "<b>14:02 UTC</b>"
