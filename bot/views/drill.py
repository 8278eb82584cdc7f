"""Drills, as people read them: marked in the first line, and scored at the end."""

from dataclasses import replace

from bot.domain.drill import Score
from bot.domain.incident import Incident
from bot.views.headline import drill
from bot.views.html import Line, Piece, bold, joined
from bot.views.rendered import Rendered
from bot.views.times import duration
from bot.views.translations import Words

_SEPARATOR = " · "


def marked(words: Words, incident: Incident, rendered: Rendered) -> Rendered:
    """What is said of a drill begins with that, before anything else; what says so already is as it was."""
    mark = bold(drill(words, incident))
    if not mark or _says(mark, rendered):
        return rendered
    return replace(rendered, text=f"{mark.html}{_SEPARATOR}{rendered.text}")


def sentence(words: Words, incident: Incident, said: str) -> str:
    """The same of a plain sentence."""
    mark = drill(words, incident).plain
    return f"{mark}{_SEPARATOR}{said}" if mark else said


def _says(mark: Piece, rendered: Rendered) -> bool:
    return rendered.text.startswith((f"{mark.html}{_SEPARATOR}", f"{mark.plain}{_SEPARATOR}"))


def not_run(words: Words) -> Piece:
    """What an action comes to in a drill, whose messages are marked as such."""
    return words("not run")


def score_lines(words: Words, score: Score | None) -> list[Line]:
    """How it went, figure by figure."""
    if score is None:
        return []
    head = words("🎓 Score {percent} %", percent=round(score.share * 100))
    figures = (_answer(words, score), _updates(words, score), _checklist(words, score))
    return [Line(bold(head), 1), *(Line(figure, 2) for figure in figures)]


def _answer(words: Words, score: Score) -> Piece:
    target = words("target {length}", length=duration(words, score.answer_within)) if score.answer_within else Piece()
    sign = "✅" if score.answers.share == 1 else "❌"
    if score.answered_in is None:
        return joined((words("{sign} nobody answered", sign=sign), target))
    return joined((words("{sign} answered in {length}", sign=sign, length=duration(words, score.answered_in)), target))


def _checklist(words: Words, score: Score) -> Piece:
    held, settled = score.checklist.held, score.checklist.settled
    if not settled:
        return Piece()
    sign = "✅" if held == settled else "❌"
    return words("{sign} checklist: {held} of {all}", sign=sign, held=held, all=settled)


def _updates(words: Words, score: Score) -> Piece:
    if score.updates.share is None:
        return words("➖ no update fell due")
    held, settled = score.updates.held, score.updates.settled
    sign = "✅" if held == settled else "❌"
    return words("{sign} updates on time: {held} of {all}", sign=sign, held=held, all=settled)
