"""What the public reads: for each incident the posts that a person approved for the status page, and nothing else."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.domain.draft_events import DraftApproved
from bot.domain.events import Event
from bot.domain.plan_communication import STATUS_PAGE, Moment

KEPT_FOR = timedelta(days=90)
"""How long a problem that is over stays known to the page; the incident's log keeps it for ever."""


class Post(BaseModel):
    """A text as it was approved. `number` is that of the event, so that a post is known by one name for ever."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    incident: str
    number: int
    at: AwareDatetime
    moment: Moment
    text: str

    @property
    def name(self) -> str:
        """`INC-7-12`: unique among all posts."""
        return f"{self.incident}-{self.number}"


class Story(BaseModel):
    """The posts about one incident, the oldest first; there is at least one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    posts: Annotated[tuple[Post, ...], Field(min_length=1)]

    @property
    def began_at(self) -> datetime:
        """When the public first read of it, in UTC."""
        return self.posts[0].at

    @property
    def newest(self) -> Post:
        """The last post."""
        return self.posts[-1]

    @property
    def is_over(self) -> bool:
        """Whether the last post was the closing word."""
        return self.newest.moment is Moment.RESOLVED


Stories = Mapping[str, Story]
"""Incident -> what was published about it."""


def published(
    stories: Stories, incident: str, absorbed: tuple[str, ...], numbered: Mapping[int, Event]
) -> dict[str, Story]:
    """The stories after these events of an incident, by number. It carries on the stories of those merged into it.

    Those that are over for long go when something new is published.
    """
    after = dict(stories)
    for number, event in numbered.items():
        if isinstance(event, DraftApproved) and event.audience == STATUS_PAGE:
            post = Post(incident=incident, number=number, at=event.at, moment=event.moment, text=event.text)
            carried = [after.pop(other).posts for other in absorbed if other in after]
            own = after[incident].posts if incident in after else ()
            posts = sorted((*own, *(each for posts in carried for each in posts)), key=lambda each: each.at)
            after[incident] = Story(posts=(*posts, post))
            after = {name: story for name, story in after.items() if _is_kept(story, event.at)}
    return after


def _is_kept(story: Story, now: datetime) -> bool:
    return not story.is_over or story.newest.at > now - KEPT_FOR
