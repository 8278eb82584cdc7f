"""A silence in Alertmanager: for how long, what it would mute, that it holds, and its undoing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.incident import Incident
from bot.domain.roster import Roster
from bot.domain.silencing import Matcher
from bot.views import lookup_presses, naming
from bot.views.html import Line, Piece, bold, code, joined, message, text
from bot.views.keyboard import cancel_button, pressing, signed
from bot.views.rendered import Rendered, Style
from bot.views.times import clock, duration
from bot.views.translations import Words, listed

OFFERED = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=4))
ALERTS_NAMED = 5
NAME_LIMIT = 60
MATCHERS_LIMIT = 300
REASON_LIMIT = 160
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a silence would do: the matchers, how long, and the names of the alerts that it mutes now."""

    matchers: tuple[Matcher, ...]
    length: timedelta
    mutes: tuple[str, ...]

    @property
    def what(self) -> str:
        """The matchers as Alertmanager writes them."""
        return written(self.matchers)


def written(matchers: Sequence[Matcher]) -> str:
    """The matchers in a row, as Alertmanager writes them."""
    return ", ".join(matcher.written for matcher in matchers)


def lengths(words: Words, incident: Incident) -> Rendered:
    """For how long?"""
    row = tuple(
        pressing(duration(words, length).plain, lookup_presses.AskSilence(incident.id, _minutes(length)))
        for length in OFFERED
    )
    question = bold(words("🔕 {incident}: for how long are its alerts silent?", incident=incident.id))
    return Rendered(message([Line(question)]), (row, (cancel_button(words, incident),)))


def preview(words: Words, incident: Incident, asked: Asked, seen: int, now: datetime) -> Rendered:
    """What would be muted, and until when; it asks once more."""
    until = clock(words, now + asked.length, now)
    length = duration(words, asked.length)
    head = words("🔕 Silence {incident} for {length}, until {time}?", incident=incident.id, length=length, time=until)
    confirm = pressing(
        signed("✔️", words("Confirm")),
        lookup_presses.ConfirmSilence(incident.id, _minutes(asked.length), seen),
        Style.DANGER,
    )
    return Rendered(
        message(
            [
                Line(bold(head)),
                Line(_muted(words, asked.mutes), 1),
                Line(code(asked.what, MATCHERS_LIMIT), 2),
                Line(words("Whatever else matches is not heard either."), 3),
            ]
        ),
        ((confirm, cancel_button(words, incident)),),
    )


def holds(words: Words, roster: Roster, incident: Incident, now: datetime) -> Rendered:
    """That it holds, until when, by whom; with the way back."""
    active = incident.looked.silenced(now)
    if not active:
        return ended(words, incident)
    last = max(active.values(), key=lambda silence: silence.until)
    who = naming.actor(words, roster, last.by)
    head = words("🔕 {incident} is silent until {time}", incident=incident.id, time=clock(words, last.until, now))
    undo = pressing(signed("↩️", words("Undo")), lookup_presses.EndSilence(incident.id))
    return Rendered(message([Line(joined((bold(head), who))), Line(code(last.what, MATCHERS_LIMIT), 1)]), ((undo,),))


def ended(words: Words, incident: Incident) -> Rendered:
    """The alerts are heard again."""
    return Rendered(message([Line(words("🔔 {incident}: its alerts are heard again", incident=incident.id))]))


def nothing_to_match(words: Words, incident: Incident) -> Rendered:
    """There are no alerts, or none with labels that tell them apart."""
    sentence = words("{incident} has no alerts that could be silenced", incident=incident.id)
    return Rendered(message([Line(sentence)]))


def failed(words: Words, reason: str) -> Rendered:
    """Alertmanager did not do it."""
    why = text(reason, REASON_LIMIT)
    return Rendered(message([Line(words("🔴 Alertmanager did not do it: {reason}", reason=why))]))


def on_card(words: Words, incident: Incident, now: datetime) -> Piece:
    """`🔕 silent until 15:02 UTC`; nothing when it is not."""
    active = incident.looked.silenced(now)
    if not active:
        return Piece()
    until = max(silence.until for silence in active.values())
    return words("🔕 silent until {time}", time=clock(words, until, now))


def _muted(words: Words, mutes: Sequence[str]) -> Piece:
    if not mutes:
        return words("No alert that fires now matches.")
    counted = Counter(mutes)
    named = counted.most_common(ALERTS_NAMED)
    shown = [text(f"{name} (× {count})" if count > 1 else name, NAME_LIMIT) for name, count in named]
    rest = len(counted) - len(shown)
    names = listed([*shown, words("{n} more", n=rest)] if rest else shown)
    return words.plural("Mutes {n} alert now: {names}", "Mutes {n} alerts now: {names}", len(mutes), names=names)


def _minutes(length: timedelta) -> int:
    return -(-length // _MINUTE)  # a silence that is asked for holds at least that long
