"""The post-incident document of a story, written in a form, and its page as a browser reads it."""

from html.parser import HTMLParser
from typing import Any

from bot.views.postmortem.forms import file, picture_beside
from bot.views.review_presses import DocumentForm
from tests.views.reviewed import a_story, measured, viewed

VOID = {"meta", "br", "img", "link", "input"}


def written(form: DocumentForm, story: Any = None, **more: Any) -> str:
    """The document of a story in a form, with its metrics."""
    with_metrics: dict[str, Any] = {"measured": measured(), **more}
    view = viewed(story or a_story(), **with_metrics)
    beside = picture_beside(view, form, "INC-7")
    return file(view, form, beside.name if beside else None).content.decode()


class Elements(HTMLParser):
    """Every element of a page with its attributes; the text between; and whether each was closed in turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources.extend(value or "" for name, value in attrs if name == "src")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends: the one that began last."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data
