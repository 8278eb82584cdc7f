"""Reads the written plan, docs/incident-response-plan.md: its figures and names, as facts to hold a plan against."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.domain.durations import parse_duration, written

WRITTEN = (Path(__file__).parents[2] / "docs" / "incident-response-plan.md").read_text("utf-8")
NUMBER_WORDS = {
    "Hourly": "1h",
    "First 2 Weeks": "2w",
    "Daily": "1d",
    "Immediate": "0s",
    "Next business day": "1 business day",
}
ROLES = {"Team Lead": "team_lead", "CTO": "cto", "On-Call": "on_call", "System": "system", "All team members": "team"}
METRICS = {
    "Error rate": "error_rate",
    "Latency P95": "latency_p95",
    "Latency": "latency_p95",
    "latency": "latency_p95",
    "error rate": "error_rate",
    "Service down": "service_up",
    "PQC fallback enabled": "pqc_fallback",
    "Memory usage": "memory_ratio",
}

Facts = dict[str, object]


def section(title: str, text: str = WRITTEN) -> str:
    """What stands below a heading, up to the next one of its level or above."""
    match = re.search(rf"^(#+) {re.escape(title)}[^\n]*\n(.*?)(?=^#{{1,6}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert match, title
    return match[2]


def bullets(text: str) -> tuple[str, ...]:
    """The items of a list, without their check boxes."""
    return tuple(re.findall(r"^- (?:\[ \] )?(.+?)\s*$", text, re.MULTILINE))


def groups(text: str, pattern: str) -> tuple[str, ...]:
    """The groups of a pattern that the text must have; the empty text for one that took no part."""
    match = re.search(pattern, text)
    assert match, (pattern, text)
    return match.groups("")


def figure(text: str, pattern: str) -> str:
    """The first group of a pattern that the text must have."""
    return groups(text, pattern)[0]


def time(words: str) -> str:
    """A time in a plan's words: ``15 minutes`` is ``15m``."""
    if words in NUMBER_WORDS:
        return written(parse_duration(NUMBER_WORDS[words]))
    count, unit = groups(words, r"^(\d+) (min|hour|business day|week|day)(?:ute)?s?$")
    return written(parse_duration(f"{count} business day" if unit == "business day" else f"{count}{unit[0]}"))


def amount(words: str) -> float:
    """A number with its unit as a ratio, seconds or bytes: ``100ms`` is 0.1."""
    number, unit = groups(words, r"^([\d.,]+)\s*(%|ms|GB|req/sec|)$")
    scale = {"%": 100, "ms": 1000, "GB": 1e-9, "req/sec": 1, "": 1}[unit]
    return round(float(number.replace(",", "")) / scale, 9)


def written_severities() -> Iterator[tuple[str, object]]:
    """Names, times and examples of the four severities."""
    for name, title, alias in re.findall(r"^#### (SEV-\d): (\w+) \((P\d)\)", WRITTEN, re.MULTILINE):
        text = section(f"{name}: {title} ({alias})")
        yield f"{name} called", (title, alias, figure(text, r"\*\*Impact:\*\* (.+?)\s*\n"))
        respond, resolve = (
            time(figure(text, rf"\*\*{kind} Time:\*\* (.+?)\s*\n")) for kind in ("Response", "Resolution")
        )
        yield f"{name} times", (respond, resolve)
        yield f"{name} examples", bullets(text)
        # Ours, as interface.md has it: the CTO is called once more when the time to respond of a SEV-1 is over.
        yield f"{name} second call", {(respond, "cto")} if name == "SEV-1" else set[tuple[str, str]]()


def written_communication() -> Iterator[tuple[str, object]]:
    """Who is told when, how often updates come, and who hears outside."""
    internal = WRITTEN.split("### Internal Communication")[1].split("### External Communication")
    for names, lines in re.findall(r"\*\*(SEV-[\d/]+):\*\*\n((?:- .+\n)+)", internal[0]):
        steps = [(when.removeprefix("Within "), who) for when, who in re.findall(r"- (.+): (.+)", lines)]
        told = {
            (time(when), ROLES[role]) for when, who in steps if when != "Status updates" for role in who.split(", ")
        }
        cadence = figure(lines, r"Status updates: (.+)").removeprefix("Every ")
        for name in severities(names):
            yield f"{name} notify", {*told, ("0s", "on_call")}  # phase 1: the on-call engineer acknowledges the alert
            yield f"{name} updates", None if cadence == "As needed" else time(cadence)
    words = {"Customer": "customers", "Status page": "status_page", "Social media": "social_media"}
    for names, lines in re.findall(r"\*\*(SEV-[\d/]+):\*\*\n((?:- .+\n)+)", internal[1].split("---")[0]):
        for name in severities(names):
            yield f"{name} external", tuple(word for start, word in words.items() if f"- {start}" in lines)


def severities(names: str) -> list[str]:
    """``SEV-3/4`` is SEV-3 and SEV-4."""
    return [f"SEV-{number}" for number in re.findall(r"\d", names)]


def written_targets() -> Iterator[tuple[str, object]]:
    """The targets of the metrics during an incident."""
    for title, sign, value in re.findall(r"- (.+) \(target: ([<>]?) ?(.+)\)", section("During Incident")):
        yield f"target {title}", ("below" if sign == "<" else "above", amount(value))


def written_rollback() -> Iterator[tuple[str, object]]:
    """Each row of both matrices; the later table repeats the earlier and adds one."""
    row = re.compile(r"^\| (.+?) \| (\w+)[- ]rollback \| ([\w -]+?) \|", re.MULTILINE)
    for condition, mode, authority in row.findall(WRITTEN):
        yield f"rollback {condition}", (*condition_of(condition), mode.lower(), ROLES[authority])


def condition_of(text: str) -> tuple[str, float | None, float | None, str]:
    """What a row watches, the bounds of its band, and for how long."""
    if text in ("PQC fallback enabled", "Security breach"):
        return METRICS.get(text, "security_breach"), 0.0 if text in METRICS else None, None, "0s"
    if match := re.fullmatch(r"Service down > (.+)", text):
        return "service_up", None, 1.0, time(match[1])
    name, band, unit, length = groups(text, r"^(.+?) (?:> )?([\d-]+)(%|ms) for (.+)$")
    low, _, high = band.partition("-")
    return METRICS[name], amount(low + unit), amount(high + unit) if high else None, time(length)


def written_classification() -> Iterator[tuple[str, object]]:
    """The figures among the examples of the severities."""
    for name in severities("1234"):
        examples = section(f"{name}:")
        for metric, number, unit in re.findall(r"(?:High|Moderate) (.+) \((?:> )?(\d+)[-\d]*(%|ms)\)", examples):
            yield f"{name} from {METRICS[metric]}", amount(number + unit)
        if "PQC fallback enabled" in examples:
            yield f"{name} from pqc_fallback", 0.0
        if "Service completely unavailable" in examples:
            yield f"{name} from service_up", 1.0


def written_rest() -> Iterator[tuple[str, object]]:
    """Version, verification, review, the beta launch, the checklists, and the tools."""
    month, first, last, year = groups(WRITTEN, r"\*\*(\w{3}) (\d+)-(\d+), (\d{4}) \(Beta Launch Days\)")
    assert month == "Jan"
    beta = section("Beta Launch Specific Procedures")
    yield "version", figure(WRITTEN, r"\*\*Версия:\*\* (\S+)")
    yield "name", figure(WRITTEN, r"Incident Response Plan для (\S+)")
    yield "verification", time(figure(WRITTEN, r"Monitor metrics for (.+)\n"))
    checked = (name for name in ("Error rate", "Latency") if f"Check {name.lower()}" in WRITTEN)
    yield "verified metrics", tuple(METRICS[name] for name in checked)
    yield "review", time(figure(WRITTEN, r"Post-Incident \(Within (.+)\)"))
    yield "launch", (date(int(year), 1, int(first)), date(int(year), 1, int(last)))
    yield "beta health", time(figure(beta, r"(Hourly) health checks"))
    yield "beta digest", time(figure(beta, r"(Hourly) status updates to stakeholders"))
    yield "beta response", time(figure(beta, r"Response Time:\*\* (.+?) for all alerts"))
    yield "beta escalation", (ROLES[figure(beta, r"Immediate escalation to (.+) for any issues")],)
    yield "beta phase", time(figure(beta, r"Beta Phase \((.+)\)"))
    yield "beta reviews", ("Daily Reviews" in beta, "Weekly Post-Mortems" in beta)
    during, after = re.findall(r"### (?:During|Post)-?\s?Incident\n((?:- \[ \] .+\n)+)", WRITTEN)
    yield "checklists", (bullets(during), bullets(after))
    tools = section("Logging") + section("Deployment")
    yield "commands", set(re.findall(r"`((?:docker|bash) .+?)`", tools))
    yield "log lines", figure(WRITTEN, r"Check logs: `(.+)`")
    yield "health check", figure(WRITTEN, r"Health endpoint: (\S+)")


def written_facts() -> Facts:
    """Everything the written plan puts a figure or a name to."""
    parts = (
        written_severities,
        written_communication,
        written_targets,
        written_rollback,
        written_classification,
        written_rest,
    )
    return dict(fact for part in parts for fact in part())
