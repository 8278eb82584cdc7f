"""The HTML parse mode."""

import pytest

from bot.sandbox.entities import Entity, EntityType, Formatted, cleaned, utf16_length
from bot.sandbox.markup import MarkupError, parse_html


def kinds(source: str) -> list[tuple[str, int, int]]:
    """Give type, offset and length of each entity."""
    return [(entity.type.value, entity.offset, entity.length) for entity in cleaned(parse_html(source)).entities]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>a</b><strong>b</strong>", [("bold", 0, 1), ("bold", 1, 1)]),
        ("<i>a</i><em>b</em>", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", [("strikethrough", n, 1) for n in range(3)]),
        ("<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<code>a</code>", [("code", 0, 1)]),
        ("<pre>a</pre>", [("pre", 0, 1)]),
        ("<blockquote>a</blockquote>", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", 0, 1)]),
        ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', [("custom_emoji", 0, 2)]),
        ("🔴 <b>x</b>", [("bold", 3, 1)]),
        ("<b>a<code>b</code>c</b>", [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]),
        ("<b></b>a", []),
        ("  <b>a</b>  ", [("bold", 0, 1)]),
    ],
)
def test_tags_become_entities(source: str, expected: list[tuple[str, int, int]]) -> None:
    """Every tag on Telegram's list becomes its entity, at offsets counted in UTF-16 units."""
    assert kinds(source) == expected


def test_a_code_block_has_its_language() -> None:
    """A pre around a code with a language class is one entity with that language."""
    body = parse_html('<pre><code class="language-python">x = 1</code></pre>')
    assert body.entities == (Entity(EntityType.PRE, 0, 5, language="python"),)


def test_a_time_is_shown_in_the_readers_zone() -> None:
    """A tg-time tag becomes a date_time entity; an empty format shows the text as it stands."""
    body = parse_html('<tg-time unix="1768140120" format="t">14:02</tg-time> <tg-time unix="1768140120">x</tg-time>')
    assert body.entities == (
        Entity(EntityType.DATE_TIME, 0, 5, unix_time=1768140120, date_time_format="t"),
        Entity(EntityType.DATE_TIME, 6, 1, unix_time=1768140120, date_time_format=""),
    )


def test_links_need_a_host_with_a_dot() -> None:
    """A link to a bare host is no link to Telegram; a link to a user is a mention."""
    source = (
        '<a href="http://localhost/x">a</a><a href="https://e.org/x?a=1&amp;b=2">b</a><a href="tg://user?id=7">c</a>'
    )
    assert parse_html(source).entities == (
        Entity(EntityType.TEXT_LINK, 1, 1, url="https://e.org/x?a=1&b=2"),
        Entity(EntityType.TEXT_MENTION, 2, 1, user_id=7),
    )


def test_references_are_decoded() -> None:
    """Telegram knows four named references and every number; anything else stays as it is."""
    assert parse_html("&lt;&gt;&amp;&quot;&#8364;&#x1F534;&nbsp;&").text == '<>&"€🔴&nbsp;&'


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<table>", 'Unsupported start tag "table" at byte offset 0'),
        ("é<br/>", 'Unsupported start tag "br/" at byte offset 2'),
        ("p95 < 100 ms", 'Unsupported start tag "" at byte offset 4'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x>a</a>', "Unclosed start tag at byte offset 0"),
        ("<a =1>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<tg-time unix="5" format="x">a</tg-time>', "Invalid date format used"),
        (
            "&#xd83d;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ),
        ),
    ],
)
def test_what_telegram_cannot_parse_is_refused(source: str, reason: str) -> None:
    """A broken text is refused with the reason and the byte where it breaks."""
    with pytest.raises(MarkupError) as caught:
        parse_html(source)
    assert str(caught.value) == reason


def test_commands_mentions_hashtags_and_addresses_are_found() -> None:
    """Telegram marks these by itself, but not inside code or a link."""
    body = cleaned(parse_html("/ack@nabat_bot @anna #storm https://e.org/x. <code>/no @no_one</code> 7/8 a/b"))
    assert [(entity.type.value, entity.offset, entity.length) for entity in body.entities] == [
        ("bot_command", 0, 14),
        ("mention", 15, 5),
        ("hashtag", 21, 6),
        ("url", 28, 15),
        ("code", 45, 11),
    ]


def test_entities_beyond_a_hundred_are_ignored() -> None:
    """A message keeps its first hundred entities."""
    assert len(cleaned(parse_html("<b>a</b> " * 120)).entities) == 100


def test_lengths_are_utf16_units() -> None:
    """A letter beyond the basic plane counts twice."""
    assert utf16_length("a🔴é") == 4


def test_ends_are_trimmed_and_entities_follow() -> None:
    """Blank ends go, and what was marked moves along or shrinks."""
    body = cleaned(Formatted("  a b  ", (Entity(EntityType.BOLD, 4, 3),)))
    assert body == Formatted("a b", (Entity(EntityType.BOLD, 2, 1),))
