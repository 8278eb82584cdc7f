"""What the public reads: only what was approved for the page, carried on through merges, and let go after a while."""

from datetime import timedelta

from bot.domain.draft_events import DraftApproved, DraftOffered
from bot.domain.plan_communication import Moment
from bot.domain.public_status import KEPT_FOR, Story, published
from tests.domain.builders import BORIS, THURSDAY, minutes


def approved(
    text: str, after: float = 0, moment: Moment = Moment.DECLARED, audience: str = "status_page"
) -> DraftApproved:
    """An approval so many minutes after the start."""
    return DraftApproved(at=THURSDAY + minutes(after), by=BORIS, draft=3, audience=audience, moment=moment, text=text)


def texts(story: Story) -> list[str]:
    """What a story tells, in order."""
    return [post.text for post in story.posts]


def test_only_what_was_approved_for_the_page_is_public() -> None:
    """Neither drafts nor what was approved for others."""
    offered = DraftOffered(at=THURSDAY, by=BORIS, audience="status_page", moment=Moment.DECLARED, text="a")
    stories = published({}, "INC-1", (), {3: offered, 4: approved("b", audience="customers"), 5: approved("c")})
    assert texts(stories["INC-1"]) == ["c"]
    assert stories["INC-1"].newest.name == "INC-1-5"


def test_a_story_goes_on_and_ends() -> None:
    """Posts join in order; the closing word ends it."""
    stories = published({}, "INC-1", (), {3: approved("a")})
    assert not stories["INC-1"].is_over
    stories = published(stories, "INC-1", (), {9: approved("b", 5, Moment.RESOLVED)})
    assert texts(stories["INC-1"]) == ["a", "b"]
    assert stories["INC-1"].is_over
    assert stories["INC-1"].began_at == THURSDAY


def test_a_merged_story_is_carried_on() -> None:
    """The posts of both stand in one story, by time."""
    stories = published({}, "INC-1", (), {3: approved("a")})
    stories = published(stories, "INC-2", (), {3: approved("b", 1)})
    stories = published(stories, "INC-2", ("INC-1", "INC-9"), {7: approved("c", 2)})
    assert list(stories) == ["INC-2"]
    assert texts(stories["INC-2"]) == ["a", "b", "c"]


def test_what_is_over_for_long_goes() -> None:
    """With the next thing that is published; what is not over stays."""
    old = published({}, "INC-1", (), {3: approved("a", 0, Moment.RESOLVED)})
    old = published(old, "INC-2", (), {3: approved("b")})
    later = (KEPT_FOR + timedelta(minutes=1)) / timedelta(minutes=1)
    assert sorted(published(old, "INC-3", (), {3: approved("c", later)})) == ["INC-2", "INC-3"]
