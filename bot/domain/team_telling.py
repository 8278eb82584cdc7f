"""What is said of a decision about the team, and to whom: events become intents."""

from collections.abc import Iterator

from bot.domain.beta_events import BetaChanged, BetaLooked, BetaReviewed
from bot.domain.intents import Audience, Digest, DigestPicture, TeamPing, TeamTell
from bot.domain.team import Team, TeamDecided, TeamRules, replay_team
from bot.domain.team_beta import news_of_health
from bot.domain.team_events import HandedOver, RowsNeverRead, RowsRead, TeamEvent, UnreachableNamed

TeamIntent = TeamTell | TeamPing | Digest | DigestPicture


def team_intents(
    rules: TeamRules, before: Team, decided: TeamDecided, answers: int | None = None
) -> tuple[TeamIntent, ...]:
    """A handover to the responders and to whoever comes, who can't be written to, and what a beta launch brings.

    `answers` is the message in the responders chat by which somebody switched a launch: what they are told answers it.
    """
    said: list[TeamIntent] = []
    team = before
    for number, event in enumerate(decided.events, start=before.version + 1):
        said.extend(_said(rules, team, decided.team, event, number, answers))
        team = replay_team((event,), team)
    return tuple(said)


def _said(
    rules: TeamRules, before: Team, after: Team, event: TeamEvent, number: int, answers: int | None
) -> Iterator[TeamIntent]:
    match event:
        case HandedOver() if number == after.handover:
            yield TeamTell(number=number)
            comers = (person for person in event.people if person not in event.before)
            yield from (TeamPing(number=number, person=p) for p in comers if p in rules.roster.people)
        case UnreachableNamed() if event.people:
            yield TeamTell(number=number)
        case RowsNeverRead():
            yield TeamTell(number=number)
        case RowsRead() if event.after_all:
            yield TeamTell(number=number)
        case BetaChanged() if number == after.beta.told:
            yield TeamTell(number=number, answers=answers)
            if rules.roster.chats.stakeholders is not None:
                yield TeamTell(number=number, audience=Audience.STAKEHOLDERS)
        case BetaLooked():
            yield from _looked(rules, before, event, number)
        case BetaReviewed():
            yield TeamTell(number=number)
        case _:
            return


def _looked(rules: TeamRules, before: Team, event: BetaLooked, number: int) -> Iterator[TeamIntent]:
    """A check that began to fail goes to whoever hears of every issue, too: a launch asks for that alone."""
    failed, recovered = news_of_health(before.beta, event)
    if failed or recovered:
        yield TeamTell(number=number)
    if failed and (not event.asked or rules.beta(before).launch_at(event.at) is not None):
        roles = rules.plan.beta.escalate_to
        people = dict.fromkeys(person for role in roles for person in rules.roster.with_role(role))
        yield from (TeamPing(number=number, person=person) for person in people)
    if event.is_digest:
        yield Digest(number=number)
        if any(figure.value is not None for figure in event.figures):
            yield DigestPicture(number=number)
