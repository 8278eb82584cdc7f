"""Who is who and what can be asked: `/whoami`, `/help`, and the question that waits for an update."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.incident import Incident
from bot.domain.rules import ON_CALL, Rules
from bot.views import naming
from bot.views.headline import drill
from bot.views.html import BLANK, Line, Piece, bold, code, joined, message, text
from bot.views.rendered import Rendered
from bot.views.translations import Words, mark
from bot.views.verbs import ARGUMENTS, EXPLANATIONS, FIRST, GROUPS, Verb

_LANGUAGES = {"en": mark("English"), "ru": mark("Russian")}


def who_am_i(words: Words, rules: Rules, person: str | None, telegram: int | None, now: datetime) -> Rendered:
    """How Nabat knows the asking person; a stranger learns the id that the roster would need."""
    member = rules.roster.people.get(person) if person is not None else None
    if person is None or member is None:
        return Rendered(message(_stranger(words, telegram)))
    roles = naming.roles(words, member.roles) or words("no role")
    duty = words("on call now") if person in rules.people_with(ON_CALL, now) else words("not on call now")
    zone = words("{zone}, {time} there now", zone=str(member.timezone), time=f"{now.astimezone(member.timezone):%H:%M}")
    return Rendered(
        message(
            [
                Line(joined((bold(naming.person(rules.roster, person)), code(person)))),
                Line(joined((roles, duty))),
                Line(joined((zone, words(_LANGUAGES[member.language])))),
            ]
        )
    )


def help_text(words: Words) -> Rendered:
    """What can be written: what is needed at once with what it does, all the others by name."""
    first = [Line(_command(words, verb)) for verb in FIRST]
    others = [Line(_group(words, title, verbs)) for title, verbs in GROUPS]
    which = words("A command means the incident whose card or thread it answers, else the only open one.")
    more = words("Type / to read what each one does.")
    return Rendered(message([*first, BLANK, *others, BLANK, Line(which, 1), Line(more, 1)]))


def ask_for_update(words: Words, incident: Incident) -> Rendered:
    """The question to which the answer is a status update."""
    head = words("📝 {incident}: what is the news?", incident=incident.id)
    how = words("Reply to this message: what users notice, what we do, when we write next.")
    return Rendered(message([Line(bold(head)), Line(how)]))


def no_command(words: Words, to_take: Incident | None) -> Rendered:
    """The answer to what was no command; `to_take` is the only open incident, where nobody has it yet."""
    lines = [Line(words("That is no command. Commands begin with a slash: /help lists them."))]
    if to_take is not None:
        untaken = words("Nobody has {incident} yet: /ack takes it.", incident=to_take.id)
        lines.append(Line(joined((drill(words, to_take), untaken))))
    return Rendered(message(lines))


def welcome(words: Words, rules: Rules, person: str | None) -> Rendered:
    """The answer to Start: from now on Nabat can write to this person."""
    if person is None:
        hello = words(
            "You are not on the roster: you can read in the team's chats, and change nothing. /whoami says your id."
        )
        return Rendered(message([Line(hello)]))
    name = naming.person(rules.roster, person)
    return Rendered(message([Line(words("{name}, pages will reach you here now. /help says what I do.", name=name))]))


def _stranger(words: Words, telegram: int | None) -> list[Line]:
    if telegram is None:
        return [Line(words("You write as an anonymous admin: I can't tell who you are, so you can read only."))]
    return [
        Line(words("You are not on the roster, so you can only read, and that in the team's chats.")),
        Line(words("Your Telegram id for the roster: {id}", id=code(str(telegram)))),
    ]


def _command(words: Words, verb: Verb) -> Piece:
    """What may be left out is left out: a line is read at a glance."""
    needed = verb in ARGUMENTS and not ARGUMENTS[verb].startswith("[")
    arguments = words(ARGUMENTS[verb]) if needed else Piece()
    written = joined((text(f"/{verb}"), arguments), " ")
    return words("{command} · {meaning}", command=written, meaning=words(EXPLANATIONS[verb]))


def _group(words: Words, title: str, verbs: Sequence[Verb]) -> Piece:
    named = joined((text(f"/{verb}") for verb in verbs), " ")
    return joined((bold(words(title)), named), " ")
