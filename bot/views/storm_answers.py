"""What is answered to presses on a storm's summary, and what comes of them: all incidents of a service at once."""

from dataclasses import dataclass

from bot.domain.incident import Incident
from bot.domain.roster import Roster
from bot.domain.rules import Rules
from bot.domain.service_groups import ServiceGroup
from bot.views import naming
from bot.views.answers import toast
from bot.views.headline import holder, sign
from bot.views.html import Line, Piece, bold, joined, message, text
from bot.views.incident_presses import OpenIncident
from bot.views.keyboard import pressing, signed
from bot.views.rendered import Rendered, Style
from bot.views.storm_presses import KeepApart, MergeService
from bot.views.translations import Words

SERVICE_LIMIT = 40
TITLE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a press for many: how many were done, refused because they had changed, or could not be saved."""

    done: int = 0
    refused: int = 0
    unsaved: int = 0


def over(words: Words) -> str:
    """None of what the button stood for is open any more."""
    return toast(words("Those incidents are over. Nothing was changed."))


def changed(words: Words) -> str:
    """What the question was about is no longer so."""
    return toast(words("They have changed since you were asked. Nothing was merged: press Merge again."))


def acknowledging(words: Words, group: ServiceGroup, count: int) -> str:
    """So many are being taken; what came of it follows."""
    sentence = words.plural(
        "Acknowledging {n} incident of {service}…",
        "Acknowledging {n} incidents of {service}…",
        count,
        service=_service(group),
    )
    return toast(_marked(words, group, sentence))


def merging(words: Words, group: ServiceGroup) -> str:
    """They are being made one; what came of it follows."""
    sentence = words.plural(
        "Merging {n} incident of {service}…",
        "Merging {n} incidents of {service}…",
        len(group.incidents),
        service=_service(group),
    )
    return toast(_marked(words, group, sentence))


def already_one(words: Words, group: ServiceGroup) -> str:
    """There is nothing to merge."""
    known = {"service": _service(group), "incident": group.incidents[0].id}
    return toast(_marked(words, group, words("{service} is one already: {incident}", **known)))


def kept_apart(words: Words) -> str:
    """Somebody said no."""
    return toast(words("Nothing was merged"))


def already_held(words: Words, roster: Roster, group: ServiceGroup, asker: str | None) -> str:
    """Nobody is waited for: who has how many, the asker if they have any, else whoever has the most."""
    if asker is not None and asker in group.holders:
        return toast(_marked(words, group, _yours(words, group, group.holders[asker])))
    person, count = next(iter(group.holders.items()), (None, 0))
    if person is None:
        return toast(_marked(words, group, words("Nothing had to change")))
    return toast(_marked(words, group, _theirs(words, roster, group, person, count)))


def acknowledged(
    words: Words, roster: Roster, group: ServiceGroup, person: str, had: int, tally: Tally, *, private: bool
) -> Rendered:
    """Who has how many now, beside those they `had`; how many had changed by then, and how many could not be saved."""
    if not tally.done:
        return _nothing_done(words, group, tally)
    count = had + tally.done
    has = _yours(words, group, count) if private else _theirs(words, roster, group, person, count)
    head = Line(bold(_marked(words, group, joined((has, _late(words, tally))))))
    return Rendered(message([head, Line(_unsaved(words, tally))]))


def question(words: Words, rules: Rules, group: ServiceGroup, into: Incident, confirm: MergeService) -> Rendered:
    """Whether they are to become one: which takes the others in, and who has it."""
    count = len(group.incidents)
    head = words.plural(
        "Make {n} incident of {service} one?", "Make {n} incidents of {service} one?", count, service=_service(group)
    )
    named = joined((text(sign(rules, into)), text(into.id), text(into.title, TITLE_LIMIT)), " ")
    takes = words.plural(
        "It takes the other {n} in. They can't be taken apart again.",
        "It takes the other {n} in. They can't be taken apart again.",
        count - 1,
    )
    lines = [
        Line(bold(_marked(words, group, head))),
        Line(joined((named, holder(words, rules, into))), 1),
        Line(takes, 2),
    ]
    yes = pressing(signed("✔️", words("Confirm")), confirm, Style.DANGER)
    return Rendered(message(lines), ((yes, pressing(signed("✖️", words("Cancel")), KeepApart())),))


def merged(words: Words, group: ServiceGroup, into: Incident, tally: Tally) -> Rendered:
    """Which one carries them on; how many stayed by themselves, and how many could not be saved."""
    if not tally.done:
        return _nothing_done(words, group, tally)
    known = {"service": _service(group), "incident": into.id}
    one = words.plural(
        "{n} incident of {service} is one now: {incident}",
        "{n} incidents of {service} are one now: {incident}",
        tally.done + 1,
        **known,
    )
    head = Line(bold(_marked(words, group, joined((one, _late(words, tally))))))
    opening = pressing(words("Open {incident}", incident=into.id).plain, OpenIncident(into.id))
    return Rendered(message([head, Line(_unsaved(words, tally))]), ((opening,),))


def _service(group: ServiceGroup) -> Piece:
    return text(group.service, SERVICE_LIMIT)


def _marked(words: Words, group: ServiceGroup, sentence: Piece) -> Piece:
    """A drill says so before anything else."""
    return joined((words("DRILL") if group.drill else Piece(), sentence))


def _yours(words: Words, group: ServiceGroup, count: int) -> Piece:
    return words.plural(
        "You have {n} incident of {service}", "You have {n} incidents of {service}", count, service=_service(group)
    )


def _theirs(words: Words, roster: Roster, group: ServiceGroup, person: str, count: int) -> Piece:
    known = {"who": naming.person(roster, person), "service": _service(group)}
    return words.plural("{who} has {n} incident of {service}", "{who} has {n} incidents of {service}", count, **known)


def _nothing_done(words: Words, group: ServiceGroup, tally: Tally) -> Rendered:
    """Others were faster with all of them, or the store can't be reached."""
    return Rendered(message([Line(_marked(words, group, _late(words, tally))), Line(_unsaved(words, tally))]))


def _late(words: Words, tally: Tally) -> Piece:
    if not tally.refused:
        return Piece()
    return words.plural("{n} had changed before", "{n} had changed before", tally.refused)


def _unsaved(words: Words, tally: Tally) -> Piece:
    if not tally.unsaved:
        return Piece()
    return words.plural(
        "⚠️ {n} could not be saved: the store can't be reached. Press again.",
        "⚠️ {n} could not be saved: the store can't be reached. Press again.",
        tally.unsaved,
    )
