"""The commands people can write in this version, grouped as `/help` shows them, each with its usage in one line."""

from enum import StrEnum

from bot.views.translations import mark


class Verb(StrEnum):
    """A slash command, as it is written after the slash."""

    INCIDENT = "incident"
    INCIDENTS = "incidents"
    ACK = "ack"
    SEV = "sev"
    ESCALATE = "escalate"
    ASSIGN = "assign"
    UPDATE = "update"
    NOTE = "note"
    IMPACT = "impact"
    CHECKLIST = "checklist"
    DRAFT = "draft"
    RESOLVE = "resolve"
    CAUSE = "cause"
    FIX = "fix"
    TIMELINE = "timeline"
    STATS = "stats"
    DRILL = "drill"
    METRICS = "metrics"
    CHART = "chart"
    HEALTH = "health"
    LOGS = "logs"
    RUNBOOK = "runbook"
    SILENCE = "silence"
    REOPEN = "reopen"
    LESSON = "lesson"
    ACTION = "action"
    POSTMORTEM = "postmortem"
    ROLLBACK = "rollback"
    RUN = "run"
    APPROVE = "approve"
    REJECT = "reject"
    FLAG = "flag"
    MERGE = "merge"
    ONCALL = "oncall"
    OVERRIDE = "override"
    BETA = "beta"
    DIGEST = "digest"
    WHOAMI = "whoami"
    HELP = "help"


ARGUMENTS: dict[Verb, str] = {
    Verb.STATS: mark("[30d]"),
    Verb.DRILL: mark("[SEV-2 TITLE]"),
    Verb.INCIDENT: mark("TITLE"),
    Verb.SEV: mark("1..4 [REASON]"),
    Verb.ESCALATE: mark("[ROLE] [REASON]"),
    Verb.ASSIGN: mark("PERSON"),
    Verb.UPDATE: mark("TEXT"),
    Verb.NOTE: mark("TEXT"),
    Verb.IMPACT: mark("TEXT"),
    Verb.DRAFT: mark("[AUDIENCE] [TEXT]"),
    Verb.RESOLVE: mark("[now] [REASON]"),
    Verb.CAUSE: mark("TEXT"),
    Verb.FIX: mark("TEXT"),
    Verb.REOPEN: mark("[REASON]"),
    Verb.LESSON: mark("TEXT"),
    Verb.ACTION: mark("TEXT @PERSON [DATE]"),
    Verb.RUN: mark("ACTION"),
    Verb.APPROVE: mark("[REASON]"),
    Verb.REJECT: mark("[REASON]"),
    Verb.FLAG: mark("NAME"),
    Verb.MERGE: mark("INC-1 INC-2"),
    Verb.OVERRIDE: mark("PERSON 4h | off"),
    Verb.BETA: mark("on [2d] | off | status"),
    Verb.CHART: mark("[METRIC] [15m|1h|6h|24h]"),
    Verb.LOGS: mark("[errors]"),
    Verb.SILENCE: mark("1h [REASON]"),
}
"""What comes after the verb; brackets mean that it may be left out."""

EXPLANATIONS: dict[Verb, str] = {
    Verb.INCIDENT: mark("declare an incident"),
    Verb.INCIDENTS: mark("the open ones, worst first"),
    Verb.ACK: mark("I have it"),
    Verb.SEV: mark("change the severity"),
    Verb.ESCALATE: mark("call for more authority"),
    Verb.ASSIGN: mark("give it to somebody"),
    Verb.UPDATE: mark("news for those who wait"),
    Verb.NOTE: mark("a note for the log"),
    Verb.IMPACT: mark("what users notice"),
    Verb.CHECKLIST: mark("what is done, and what is left to do"),
    Verb.DRAFT: mark("a text for the outside, to be approved"),
    Verb.RESOLVE: mark("it is over"),
    Verb.CAUSE: mark("what was wrong"),
    Verb.FIX: mark("what mended it"),
    Verb.TIMELINE: mark("what happened so far"),
    Verb.STATS: mark("incidents in figures, and a picture"),
    Verb.DRILL: mark("an exercise, with a score at its end"),
    Verb.METRICS: mark("figures against their targets"),
    Verb.CHART: mark("a picture of the metrics"),
    Verb.HEALTH: mark("what the health checks say"),
    Verb.LOGS: mark("the last lines of the log"),
    Verb.RUNBOOK: mark("what to do, step by step"),
    Verb.SILENCE: mark("mute its alerts for a while"),
    Verb.REOPEN: mark("it is not over after all"),
    Verb.LESSON: mark("what was learned; begin with + or - for well or better"),
    Verb.ACTION: mark("somebody is to do something, until a day"),
    Verb.POSTMORTEM: mark("the post-incident document"),
    Verb.ROLLBACK: mark("roll back"),
    Verb.RUN: mark("run an action of the plan"),
    Verb.APPROVE: mark("yes to what is asked"),
    Verb.REJECT: mark("no to what is asked"),
    Verb.FLAG: mark("set a flag, such as security_breach"),
    Verb.MERGE: mark("make the first a part of the second"),
    Verb.ONCALL: mark("who is on call now and next"),
    Verb.OVERRIDE: mark("somebody stands in on call"),
    Verb.BETA: mark("the stricter rules of a launch"),
    Verb.DIGEST: mark("how everything is, to those who wait"),
    Verb.WHOAMI: mark("how Nabat knows you"),
    Verb.HELP: mark("this list"),
}

FIRST = (
    Verb.ACK,
    Verb.INCIDENTS,
    Verb.INCIDENT,
    Verb.ESCALATE,
    Verb.UPDATE,
    Verb.METRICS,
    Verb.RUNBOOK,
    Verb.ROLLBACK,
    Verb.RESOLVE,
)
"""What one needs at 3 a.m.: `/help` explains these, and names the others."""

GROUPS: tuple[tuple[str, tuple[Verb, ...]], ...] = (
    (mark("Work on it"), (Verb.SEV, Verb.ASSIGN, Verb.CHECKLIST, Verb.SILENCE, Verb.MERGE)),
    (mark("Say what is known"), (Verb.NOTE, Verb.IMPACT, Verb.DRAFT, Verb.TIMELINE)),
    (mark("Look at it"), (Verb.CHART, Verb.HEALTH, Verb.LOGS)),
    (mark("Act on it"), (Verb.RUN, Verb.APPROVE, Verb.REJECT, Verb.FLAG)),
    (mark("End it"), (Verb.CAUSE, Verb.FIX, Verb.REOPEN)),
    (mark("Learn from it"), (Verb.LESSON, Verb.ACTION, Verb.POSTMORTEM, Verb.STATS, Verb.DRILL)),
    (mark("Launch"), (Verb.BETA, Verb.DIGEST)),
    (mark("People"), (Verb.ONCALL, Verb.OVERRIDE, Verb.WHOAMI, Verb.HELP)),
)
"""All the others, as `/help` names them."""
