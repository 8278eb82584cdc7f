"""The post-incident document as a file of each form, and the message that it comes with."""

from dataclasses import dataclass

from bot.domain.incident import Incident
from bot.domain.review_facts import ReviewFacts
from bot.views.html import Line, Piece, bold, joined, message, opening, text
from bot.views.postmortem.data import postmortem_json
from bot.views.postmortem.markdown import markdown
from bot.views.postmortem.measured import Measured
from bot.views.postmortem.page import page
from bot.views.postmortem.sections import document
from bot.views.postmortem.view import PostmortemView
from bot.views.rendered import Rendered
from bot.views.review import ReviewView, document_buttons, standing
from bot.views.review_presses import DocumentForm
from bot.views.times import duration
from bot.views.translations import Words

CAPTION_LIMIT = 1024
"""UTF-16 units of a document's caption (Bot API, sendDocument: 0-1024 characters)."""
TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class File:
    """A file by its name, in UTF-8."""

    name: str
    content: bytes


def file(view: PostmortemView, form: DocumentForm, picture: str | None = None) -> File:
    """The document in that form. `picture` names the file that lies beside it with its picture, if one does."""
    match form:
        case DocumentForm.MARKDOWN:
            written = markdown(document(view), picture)
        case DocumentForm.HTML:
            written = page(document(view))
        case DocumentForm.JSON:
            written = postmortem_json(view)
    # Half of a surrogate pair, which a source may have sent, can't be written to any file.
    return File(f"{view.incident.id}.{form}", written.encode("utf-8", "replace"))


def picture_beside(view: PostmortemView, form: DocumentForm, stem: str) -> File | None:
    """The file to lie beside a document whose own name begins so: only Markdown can't hold its picture itself."""
    if form is not DocumentForm.MARKDOWN or not isinstance(view.measured, Measured) or view.measured.png is None:
        return None
    return File(f"{stem}-metrics.png", view.measured.png)


def picture_message(words: Words, incident: Incident, picture: File) -> Rendered:
    """The picture of a Markdown document as a file of its own: to be read, and to lie beside it."""
    line = words("📈 {incident}: the metrics; keep {name} beside the document", incident=incident.id, name=picture.name)
    return Rendered(message([Line(line)], CAPTION_LIMIT), document=(picture.name, picture.content), silent=True)


def with_summary(view: PostmortemView, form: DocumentForm) -> Rendered:
    """The document in that form with what matters in a few lines, and buttons for the other forms."""
    words, incident, facts = view.words, view.incident, view.facts
    review = ReviewView(view.rules, incident, view.now, words)
    lines = [
        Line(bold(words("📄 {incident}: post-incident document", incident=incident.id))),
        Line(text(incident.title, TITLE_LIMIT), 1),
        Line(_measures(view, facts), 1),
        Line(opening(_promises(view, facts)), 2),
        Line(_collected(view), 2),
        Line(joined((text("📄"), standing(review)), " "), 3) if not incident.is_open else Line(Piece()),
    ]
    beside = picture_beside(view, form, incident.id)
    written = file(view, form, beside.name if beside else None)
    others = tuple(other for other in DocumentForm if other is not form)
    return Rendered(
        message(lines, CAPTION_LIMIT),
        (document_buttons(words, incident, others),),
        document=(written.name, written.content),
        silent=True,
    )


def _measures(view: PostmortemView, facts: ReviewFacts) -> Piece:
    words = view.words
    measured = (
        (
            words("detected in {length}", length=duration(words, facts.detection))
            if facts.detection is not None
            else None
        ),
        (
            words("answered in {length}", length=duration(words, facts.acknowledgement))
            if facts.acknowledgement is not None
            else None
        ),
        (words("over in {length}", length=duration(words, facts.recovery)) if facts.recovery is not None else None),
    )
    return opening(joined(piece for piece in measured if piece is not None))


def _promises(view: PostmortemView, facts: ReviewFacts) -> Piece:
    missed = sum(not outcome.held for outcome in facts.deadlines)
    if not facts.deadlines:
        return Piece()
    if not missed:
        return view.words("Every deadline held")
    return view.words.plural(
        "{n} of {all} deadlines was missed", "{n} of {all} deadlines were missed", missed, all=len(facts.deadlines)
    )


def _collected(view: PostmortemView) -> Piece:
    words, review = view.words, view.incident.review
    lessons, items, still = len(review.lessons), len(review.items), len(review.open_items)
    return joined(
        (
            words.plural("{n} lesson", "{n} lessons", lessons),
            words.plural("{open} of {n} action item open", "{open} of {n} action items open", items, open=still)
            if items
            else words("no action item yet"),
        )
    )
