"""`/silence 1h`, the Silence button, its confirmation and its undoing."""

from datetime import timedelta
from zlib import crc32

from bot.domain.actors import Responder
from bot.domain.durations import parse_timedelta
from bot.domain.incident import Incident
from bot.domain.looking_commands import RecordSilence, RecordSilenceEnd
from bot.domain.silencing import Matcher, matchers_for
from bot.engine.silences import AlertmanagerError, SilenceOrder
from bot.store.records import MessageRef
from bot.views import answers, silence
from bot.views.lookup_presses import AskSilence, ConfirmSilence, EndSilence
from bot.views.rendered import Rendered
from handlers import surfaces
from handlers.askers import Asker
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room, said

_OnSilence = AskSilence | ConfirmSilence | EndSilence

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=7)
"""A silence that outlives a week is a change of the alert's rule, which Nabat is not the place for."""

_SEEN = 1_000_000
"""A button carries numbers of up to six digits."""


async def ask(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """Show what would be muted for that long; nothing is yet."""
    incident = await room.desk.incident(incident_id)
    if incident is None:
        return said(answers.unknown_incident(asked.words, incident_id))
    refusal = _refusal(room, asked.asker, incident)
    if refusal:
        return said(refusal)
    length = _length(asked.text)
    if length is None:
        return said(answers.usage(asked.words, asked.verb))
    room.looking.errands.run(_say_preview(room, asked.asker, incident, length, asked.ref))
    return None


def _length(text: str) -> timedelta | None:
    first = text.split()[:1]
    try:
        length = parse_timedelta(first[0]) if first else None
    except ValueError:
        return None
    return length if length is not None and SHORTEST <= length <= LONGEST else None


def open_silence(room: Room, pressed: Pressed, incident: Incident) -> Reaction:
    """Ask for how long."""
    refusal = _refusal(room, pressed.asker, incident)
    if refusal:
        return Reaction(refusal)
    rendered = silence.lengths(pressed.asker.words, incident)
    return Reaction("", lambda: surfaces.say_in_thread(room, pressed.asker, incident, rendered))


def chosen(room: Room, pressed: Pressed, press: _OnSilence, incident: Incident) -> Reaction:
    """Carry a press on a silence's message out; what Alertmanager says is shown in its place."""
    refusal = _refusal(room, pressed.asker, incident)
    if refusal:
        return Reaction(refusal)
    if not room.looking.errands.run_once(f"silence:{incident.id}", lambda: _carry_out(room, pressed, press, incident)):
        return Reaction(answers.under_way(pressed.asker.words))
    return Reaction(answers.asking_alertmanager(pressed.asker.words))


def _refusal(room: Room, asker: Asker, incident: Incident) -> str | None:
    if not asker.on_team:
        return room.for_the_team_only(asker)
    if incident.drill:
        return answers.not_in_a_drill(asker.words)
    return None if room.looking.silences.are_possible else answers.not_set_up(asker.words)


async def _carry_out(room: Room, pressed: Pressed, press: _OnSilence, incident: Incident) -> None:
    try:
        match press:
            case AskSilence(minutes=minutes):
                shown = await _preview(room, pressed.asker, incident, _bounded(minutes))
            case ConfirmSilence():
                shown = await _silence(room, pressed, press, incident)
            case EndSilence():
                shown = await _end(room, pressed, incident)
    except AlertmanagerError as error:
        shown = silence.failed(pressed.asker.words, str(error))
        await room.direct.say(pressed.asker.chat, shown, reply_to=pressed.ref)
        return
    await room.direct.show(pressed.ref, shown)


async def _say_preview(room: Room, asker: Asker, incident: Incident, length: timedelta, reply_to: MessageRef) -> None:
    try:
        shown = await _preview(room, asker, incident, length)
    except AlertmanagerError as error:
        shown = silence.failed(asker.words, str(error))
    await room.direct.say(asker.chat, shown, reply_to=reply_to)


async def _preview(room: Room, asker: Asker, incident: Incident, length: timedelta) -> Rendered:
    matchers = matchers_for(incident)
    if not matchers:
        return silence.nothing_to_match(asker.words, incident)
    asked = silence.Asked(matchers, length, await room.looking.silences.would_mute(matchers))
    return silence.preview(asker.words, incident, asked, _digest(matchers), room.now())


async def _silence(room: Room, pressed: Pressed, press: ConfirmSilence, incident: Incident) -> Rendered:
    """Silence what was seen; what mutes something else by now is shown once more."""
    current = await room.desk.incident(incident.id) or incident
    matchers = matchers_for(current)
    length = _bounded(press.minutes)
    if not matchers or _digest(matchers) != press.seen:
        return await _preview(room, pressed.asker, current, length)
    mutes = await room.looking.silences.would_mute(matchers)
    by = pressed.asker.actor
    name = room.rules.roster.name_of(by.person) if isinstance(by, Responder) else "Nabat"
    comment = f"{current.id}: {current.title}"[:200]
    made = await room.looking.silences.make(SilenceOrder(matchers, length, name, comment, pressed.operation))
    record = RecordSilence(by, made, silence.written(matchers), room.now() + length, len(mutes))
    await room.desk.handle(current.id, record, f"{pressed.operation}:silenced")
    current = await room.desk.incident(current.id) or current
    return silence.holds(pressed.asker.words, room.rules.roster, current, room.now())


async def _end(room: Room, pressed: Pressed, incident: Incident) -> Rendered:
    current = await room.desk.incident(incident.id) or incident
    for made in current.looked.silences:
        await room.looking.silences.end(made)
        end = RecordSilenceEnd(pressed.asker.actor, made)
        await room.desk.handle(current.id, end, f"{pressed.operation}:{made}")
    return silence.ended(pressed.asker.words, current)


def _bounded(minutes: int) -> timedelta:
    return min(max(timedelta(minutes=minutes), SHORTEST), LONGEST)


def _digest(matchers: tuple[Matcher, ...]) -> int:
    return crc32(silence.written(matchers).encode()) % _SEEN
