"""The public status page: what was published, and nothing else. No names, no severities, no text of an alert."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from bot.domain.drafting import public_language, public_name
from bot.domain.plan import Plan
from bot.domain.plan_communication import Moment
from bot.domain.public_status import Post, Stories, Story
from bot.domain.rules import Rules
from bot.views.html import Piece
from bot.views.outside_text import one_line, paragraphs
from bot.views.public_style import STYLE
from bot.views.times import clock, iso, zone_name
from bot.views.translations import Words, mark

SHOWN_FOR = timedelta(days=14)
"""How long a problem that is over stays on the page."""
FEED_PATH = "/status.atom"
JSON_PATH = "/status.json"

KINDS = {
    Moment.DECLARED: mark("Reported"),
    Moment.UPDATE: mark("News"),
    Moment.RESOLVED: mark("Over"),
    Moment.REOPENED: mark("It is back"),
}


@dataclass(frozen=True, slots=True)
class PublicView:
    """What the page is made of."""

    rules: Rules
    stories: Stories
    now: datetime

    @property
    def plan(self) -> Plan:
        """The plan of today."""
        return self.rules.plan

    @property
    def words(self) -> Words:
        """The public's language, and the zone of the plan."""
        return Words(public_language(self.rules), self.plan.timezone)

    @property
    def name(self) -> str:
        """Whose status it is, on one line."""
        return one_line(public_name(self.plan))

    @property
    def ongoing(self) -> tuple[Story, ...]:
        """What is not over, the newest word first."""
        return _newest_first(story for story in self.stories.values() if not story.is_over)

    @property
    def past(self) -> tuple[Story, ...]:
        """What was over within the last days, the newest first."""
        since = self.now - SHOWN_FOR
        return _newest_first(story for story in self.stories.values() if story.is_over and story.newest.at > since)


def page(view: PublicView) -> str:
    """The page as HTML."""
    words = view.words
    body = (
        f"<header><h1>{title(view).html}</h1>{_state(view)}</header>\n<main>\n{_ongoing(view)}{_past(view)}</main>\n"
        f"<footer><p>{_footer(words).html}</p></footer>"
    )
    return _document(view, body)


def away(rules: Rules, now: datetime) -> str:
    """The page while what was published can't be read."""
    view = PublicView(rules, {}, now)
    sorry = view.words("The status can't be shown at the moment. Please try again in a minute.")
    about = view.words("This says nothing about the service itself.")
    body = (
        f'<header><h1>{title(view).html}</h1><p class="state busy">{sorry.html}</p></header>\n'
        f'<main><p class="when">{about.html}</p></main>'
    )
    return _document(view, body)


def title(view: PublicView) -> Piece:
    """`Payments: status`."""
    return view.words("{name}: status", name=view.name)


def kind(words: Words, post: Post) -> Piece:
    """What a post tells of."""
    return words(KINDS[post.moment])


def _document(view: PublicView, body: str) -> str:
    name = title(view).html
    feed = f'title="{escape(title(view).plain)}" href="{_beside(FEED_PATH)}"'
    return (
        f'<!doctype html>\n<html lang="{view.words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{name}</title>\n<link rel="icon" href="data:,">\n'
        f'<link rel="alternate" type="application/atom+xml" {feed}>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _state(view: PublicView) -> str:
    words, count = view.words, len(view.ongoing)
    if not count:
        calm = words("No known problems")
        return f'<p class="state calm"><span aria-hidden="true">✓</span>{calm.html}</p>'
    said = words.plural("{n} problem: we are working on it", "{n} problems: we are working on them", count)
    return f'<p class="state busy"><span aria-hidden="true">●</span>{said.html}</p>'


def _ongoing(view: PublicView) -> str:
    if not view.ongoing:
        return ""
    head = view.words("Now")
    return f"<h2>{head.html}</h2>\n" + "".join(_article(view, story) for story in view.ongoing)


def _past(view: PublicView) -> str:
    head = view.words.plural("The last {n} day", "The last {n} days", SHOWN_FOR.days)
    if not view.past:
        nothing = view.words("Nothing was reported.")
        return f'<h2>{head.html}</h2>\n<p class="none">{nothing.html}</p>\n'
    return f"<h2>{head.html}</h2>\n" + "".join(_article(view, story) for story in view.past)


def _article(view: PublicView, story: Story) -> str:
    words = view.words
    name = words("Problem {incident}", incident=story.newest.incident)
    # When it was first reported is said by that post; when it began, by its text.
    when = f'<p class="when">{_span(view, story).html}</p>' if story.is_over else ""
    posts = "".join(_post(view, post) for post in reversed(story.posts))
    state = "over" if story.is_over else "ongoing"
    return (
        f'<article class="{state}" id="{escape(story.newest.incident)}"><h3>{name.html}</h3>'
        f"{when}\n<ol reversed>\n{posts}</ol></article>\n"
    )


def _post(view: PublicView, post: Post) -> str:
    shown = kind(view.words, post).html
    return (
        f'<li id="{escape(post.name)}"><p class="kind"><strong>{shown}</strong> · {_time(view, post.at).html}</p>'
        f'<div class="text">{text_as_html(post)}</div></li>\n'
    )


def text_as_html(post: Post) -> str:
    """The text of a post in paragraphs, escaped."""
    every = (escape(part, quote=False) for part in paragraphs(post.text).split("\n\n"))
    return "".join(f"<p>{part}</p>".replace("\n", "<br>") for part in every)


def _footer(words: Words) -> Piece:
    feed = Piece(f'<a href="{_beside(FEED_PATH)}">Atom</a>', "Atom")
    data = Piece(f'<a href="{_beside(JSON_PATH)}">JSON</a>', "JSON")
    return words("Follow this page: {feed} · {data}", feed=feed, data=data)


def _beside(path: str) -> str:
    """An address as it is written on the page, so that it holds behind a proxy that serves it under a prefix, too."""
    return path.removeprefix("/")


def _time(view: PublicView, at: datetime) -> Piece:
    return _stamped(at, clock(view.words, at, view.now).plain)


def _stamped(at: datetime, shown: str) -> Piece:
    return Piece(f'<time datetime="{iso(at)}">{escape(shown)}</time>', shown)


def _span(view: PublicView, story: Story) -> Piece:
    """`From Nov 24, 12:08 to 12:50 UTC`: the day and the zone are said once where they are the same."""
    words = view.words
    began, ended = (each.astimezone(words.zone) for each in (story.began_at, story.newest.at))
    if began.date() != ended.date():
        return words("From {time} to {end}", time=_time(view, began), end=_time(view, ended))
    first = clock(words, began, view.now, zone=False).plain
    last = f"{ended:%H:%M} {zone_name(ended)}"
    return words("From {time} to {end}", time=_stamped(began, first), end=_stamped(ended, last))


def _newest_first(stories: Iterable[Story]) -> tuple[Story, ...]:
    return tuple(sorted(stories, key=lambda story: story.newest.at, reverse=True))
