"""What was published, for programs: an Atom feed (RFC 4287) and JSON."""

from xml.etree import ElementTree as ET

from bot.domain.public_status import Post, Story
from bot.views.outside_text import cut, one_line
from bot.views.public_page import FEED_PATH, PublicView, kind, text_as_html, title
from bot.views.times import iso

PAGE_PATH = "/status"
ENTRIES = 50
"""The newest posts that a feed shows: a reader asks more often than so many come."""
TITLE_LIMIT = 120

_ATOM = "http://www.w3.org/2005/Atom"
_BEFORE_THE_FIRST = "1970-01-01T00:00:00Z"
"""RFC 4287 wants a time of the last change also of a feed that has none."""


def feed(view: PublicView, origin: str) -> bytes:
    """The feed; `origin` is the scheme and host at which people reach it."""
    ET.register_namespace("", _ATOM)
    posts = newest_posts(view)
    page = origin + PAGE_PATH
    root = ET.Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": view.words.language})
    _text(root, "title", title(view).plain)
    _text(root, "id", page)
    _text(root, "updated", iso(posts[0].at) if posts else _BEFORE_THE_FIRST)
    ET.SubElement(root, _name("link"), {"rel": "alternate", "type": "text/html", "href": page})
    ET.SubElement(root, _name("link"), {"rel": "self", "type": "application/atom+xml", "href": origin + FEED_PATH})
    _text(ET.SubElement(root, _name("author")), "name", view.name)
    for post in posts:
        _entry(root, view, post, page)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def newest_posts(view: PublicView) -> list[Post]:
    """The newest posts first."""
    posts = [post for story in (*view.ongoing, *view.past) for post in story.posts]
    return sorted(posts, key=lambda post: post.at, reverse=True)[:ENTRIES]


def as_json(view: PublicView) -> dict[str, object]:
    """What `GET /status.json` answers: times are ISO 8601 in UTC."""
    ongoing, past = view.ongoing, view.past
    newest = newest_posts(view)
    return {
        "name": view.name,
        "state": "problem" if ongoing else "no_known_problems",
        "updated_at": iso(newest[0].at) if newest else None,
        "problems": [_problem(story) for story in (*ongoing, *past)],
    }


def _problem(story: Story) -> dict[str, object]:
    return {
        "id": story.newest.incident,
        "state": "over" if story.is_over else "ongoing",
        "began_at": iso(story.began_at),
        "updated_at": iso(story.newest.at),
        "posts": [
            {"id": post.name, "at": iso(post.at), "kind": post.moment.value, "text": post.text} for post in story.posts
        ],
    }


def _entry(root: ET.Element, view: PublicView, post: Post, page: str) -> None:
    entry = ET.SubElement(root, _name("entry"))
    first = one_line(post.text.strip().splitlines()[0])
    _text(entry, "title", cut(f"{kind(view.words, post).plain}: {first}", TITLE_LIMIT))
    _text(entry, "id", f"{page}#{post.name}")
    _text(entry, "updated", iso(post.at))
    _text(entry, "published", iso(post.at))
    ET.SubElement(entry, _name("link"), {"rel": "alternate", "type": "text/html", "href": f"{page}#{post.name}"})
    content = ET.SubElement(entry, _name("content"), {"type": "html"})
    content.text = text_as_html(post)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _name(name)).text = text


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"
