"""The incidents of a storm by what is affected, so that those of one service can be taken, or made one, together."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alerts import service_of
from bot.domain.incident import Incident, Status

HEAD = timedelta(minutes=1)
"""What came so shortly before a storm's first incident belongs to it: its card went out before anybody knew."""

_KEY_DIGITS = 12
"""Hexadecimal digits that name a service on a button: 48 bits, so that two of a few hundred names hardly share one."""


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    """Open incidents of one service, in the order they were given in; all of them real, or all drills."""

    service: str
    drill: bool
    incidents: tuple[Incident, ...]

    @property
    def key(self) -> str:
        """What stands for the group where its name does not fit; it says nothing of the name."""
        told_apart = f"{'drill' if self.drill else 'real'}:{self.service}"
        return hashlib.sha256(told_apart.encode(errors="replace")).hexdigest()[:_KEY_DIGITS]

    @property
    def unanswered(self) -> tuple[Incident, ...]:
        """Those that nobody has."""
        return tuple(incident for incident in self.incidents if incident.status is Status.UNANSWERED)

    @property
    def holders(self) -> Mapping[str, int]:
        """How many each person has, the most first."""
        found: dict[str, int] = {}
        for incident in self.incidents:
            if incident.holder is not None:
                found[incident.holder] = found.get(incident.holder, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def in_storm(open_ones: Iterable[Incident], known: Collection[str], began: datetime) -> tuple[Incident, ...]:
    """The open incidents of a storm of which `known` are the ids; its first one was declared at `began` (UTC)."""
    return tuple(
        incident for incident in open_ones if incident.id in known or began - HEAD <= incident.declared_at <= began
    )


def services_of(incident: Incident) -> frozenset[str]:
    """Everything that its alerts are about; nothing for one without alerts."""
    named = (service_of(alert.labels) for alert in incident.alerts.values())
    return frozenset(name for name in named if name is not None)


def by_service(incidents: Iterable[Incident]) -> tuple[ServiceGroup, ...]:
    """The open ones in groups: what is real before drills, the largest first, by name among equals.

    An incident of several services is in the group of each.
    """
    found: dict[tuple[bool, str], list[Incident]] = {}
    for incident in incidents:
        if incident.is_open:
            for service in services_of(incident):
                found.setdefault((incident.drill, service), []).append(incident)
    groups = (ServiceGroup(service, drill, tuple(members)) for (drill, service), members in found.items())
    return tuple(sorted(groups, key=lambda group: (group.drill, -len(group.incidents), group.service)))


def number_of(incident_id: str) -> int:
    """The number in an id: incidents are numbered in the order they were declared in."""
    return int(incident_id.rpartition("-")[2])
