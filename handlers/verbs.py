"""The table of commands: which verb is answered by what."""

from bot.views.verbs import Verb
from handlers import (
    acting,
    beta,
    checking,
    closing,
    declaring,
    drafts,
    drilling,
    duty,
    evidence,
    holding,
    logs,
    news,
    people,
    postmortem,
    resolution,
    reviewing,
    runbooks,
    silencing,
    statistics,
    timeline,
)
from handlers.room import OfIncident, Plain

PLAIN: dict[Verb, Plain] = {
    Verb.INCIDENT: declaring.declare,
    Verb.INCIDENTS: declaring.show_open,
    Verb.MERGE: closing.merge,
    Verb.METRICS: evidence.metrics,
    Verb.CHART: evidence.chart,
    Verb.HEALTH: evidence.health,
    Verb.LOGS: logs.show_logs,
    Verb.STATS: statistics.show,
    Verb.DRILL: drilling.drill,
    Verb.ONCALL: duty.on_call,
    Verb.OVERRIDE: duty.override,
    Verb.BETA: beta.switch,
    Verb.DIGEST: beta.digest,
    Verb.WHOAMI: people.who_am_i,
    Verb.HELP: people.show_help,
}

OF_INCIDENT: dict[Verb, OfIncident] = {
    Verb.ACK: holding.acknowledge,
    Verb.ASSIGN: holding.assign,
    Verb.ESCALATE: holding.escalate,
    Verb.SEV: holding.change_severity,
    Verb.UPDATE: news.update,
    Verb.NOTE: news.note,
    Verb.IMPACT: news.impact,
    Verb.TIMELINE: timeline.show_timeline,
    Verb.CHECKLIST: checking.show_checklist,
    Verb.DRAFT: drafts.ask,
    Verb.RESOLVE: closing.resolve,
    Verb.CAUSE: resolution.cause,
    Verb.FIX: resolution.fix,
    Verb.REOPEN: closing.reopen,
    Verb.LESSON: reviewing.lesson,
    Verb.ACTION: reviewing.action,
    Verb.POSTMORTEM: postmortem.show,
    Verb.RUNBOOK: runbooks.show_runbook,
    Verb.SILENCE: silencing.ask,
    Verb.ROLLBACK: acting.roll_back,
    Verb.RUN: acting.run,
    Verb.APPROVE: acting.approve,
    Verb.REJECT: acting.reject,
    Verb.FLAG: acting.flag,
}

OPEN_TO_ALL = frozenset({Verb.WHOAMI, Verb.HELP})
"""Verbs that say nothing of any incident: for everybody, everywhere."""
