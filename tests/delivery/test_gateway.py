"""What was rendered, in Telegram's terms, at a real server."""

import io

import pytest
from PIL import Image

from bot.delivery.direct import Direct
from bot.delivery.outcome import Done, Forbidden, Later, MessageGone, NotReached, Refused, Sent, Unchanged
from bot.delivery.standing import Me, Member, Standing
from bot.delivery.wording import plain
from bot.domain.intents import Lane
from bot.store.records import MessageRef
from bot.views.rendered import Button, Rendered, Style
from tests.delivery.conftest import Desk
from tests.delivery.plain_renderer import PEOPLE, RESPONDERS

ANNA = PEOPLE["anna"]


def picture(colour: str = "red") -> bytes:
    """A small PNG."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(content, "PNG")
    return content.getvalue()


async def test_buttons_keep_what_they_do_and_their_colour(desk: Desk) -> None:
    """Press, link and copy buttons arrive as such, with the style where one is given."""
    rows = (
        (Button("Ack", data="ack", style=Style.SUCCESS), Button("Card", url="https://t.me/c/1/2")),
        (Button("Copy", copy="INC-1"),),
    )
    await desk.gateway.send(ANNA, Rendered("<b>hello</b>", rows))
    markup = desk.telegram.journal.of("sendMessage")[0].params["reply_markup"]
    assert '"style": "success"' in str(markup).replace("'", '"')
    message = desk.driver.person("anna").private.last
    assert message.text == "hello"
    assert [[(b.data, b.url) for b in row] for row in message.keyboard] == [
        [("ack", None), (None, "https://t.me/c/1/2")],
        [(None, None)],
    ]


def test_a_button_does_exactly_one_thing() -> None:
    """A button that does nothing, or two things, is our mistake and is named."""
    with pytest.raises(ValueError, match="Ack"):
        Button("Ack")
    with pytest.raises(ValueError, match="Ack"):
        Button("Ack", data="ack", url="https://example.org")


def test_the_digest_is_of_what_the_reader_sees() -> None:
    """Text, buttons, picture and file change it; whether it made a sound does not."""
    shown = Rendered("text", ((Button("Ack", data="ack"),),))
    others = [Rendered("text"), Rendered("other", shown.buttons), Rendered("text", shown.buttons, photo=b"png")]
    assert all(other.digest != shown.digest for other in others)
    assert Rendered("text", shown.buttons, silent=True).digest == shown.digest


async def test_a_photo_is_sent_and_replaced(desk: Desk) -> None:
    """A chart goes with its caption; an edit brings another picture, or only another caption."""
    sent = await desk.gateway.send(RESPONDERS, Rendered("errors 7 %", photo=picture()))
    assert isinstance(sent, Sent)
    ref = MessageRef(sent.chat, sent.message)
    first = desk.driver.chat(RESPONDERS).last
    await desk.gateway.edit(ref, Rendered("errors 2 %", photo=picture("green")))
    second = desk.driver.chat(RESPONDERS).last
    await desk.gateway.edit(ref, Rendered("all well"))
    third = desk.driver.chat(RESPONDERS).last
    assert [view.text for view in (first, second, third)] == ["errors 7 %", "errors 2 %", "all well"]
    assert first.photo is not None
    assert second.photo is not None
    assert second.photo.content == picture("green")
    assert third.photo == second.photo


async def test_a_document_is_sent(desk: Desk) -> None:
    """A file arrives whole, under its name."""
    await desk.gateway.send(ANNA, Rendered("review", document=("INC-1.md", b"# Review")))
    document = desk.driver.person("anna").private.last.document
    assert document is not None
    assert document.content == b"# Review"


async def test_an_answer_to_a_message_that_is_gone_is_sent_all_the_same(desk: Desk) -> None:
    """A missing card costs the thread, not the message."""
    outcome = await desk.gateway.send(RESPONDERS, Rendered("news"), reply_to=MessageRef(RESPONDERS, 4711))
    assert isinstance(outcome, Sent)


async def test_an_edit_says_what_came_of_it(desk: Desk) -> None:
    """The same again is unchanged; a message that is not there is gone."""
    sent = await desk.gateway.send(ANNA, Rendered("text"))
    assert isinstance(sent, Sent)
    assert await desk.gateway.edit(MessageRef(ANNA, sent.message), Rendered("text")) == Unchanged()
    assert await desk.gateway.edit(MessageRef(ANNA, 4711), Rendered("text")) == MessageGone()


async def test_a_press_is_answered_within_two_hundred_characters(desk: Desk) -> None:
    """A longer answer is cut, not refused; one that comes too late is refused and says so."""
    await desk.gateway.send(ANNA, Rendered("page", ((Button("Ack", data="ack"),),)))
    anna = desk.driver.person("anna")
    query = anna.press_unanswered(anna.private.last, "Ack")
    assert await desk.gateway.answer(query, "x" * 300) == Done()
    answer = desk.driver.world.queries[query].answer
    assert answer is not None
    assert len(answer.text) == 200
    assert isinstance(await desk.gateway.answer("no such query"), Refused)


async def test_the_doctor_can_look_without_sending(desk: Desk) -> None:
    """Who the bot is, what it may in a chat, and who can be written to: all without a message."""
    me = await desk.gateway.me()
    assert isinstance(me, Me)
    assert me.username == "nabat_bot"
    member = await desk.gateway.member(RESPONDERS, me.id)
    assert isinstance(member, Member)
    assert member.standing is Standing.ADMINISTRATOR
    assert await desk.gateway.can_write_to(ANNA) == Done()
    assert isinstance(await desk.gateway.can_write_to(PEOPLE["eve"]), Forbidden)
    assert desk.telegram.journal.of("sendMessage") == []


async def test_who_is_known_from_a_group_alone_can_not_be_written_to(desk: Desk) -> None:
    """Telegram shows the bot the chat of Eve, who wrote in a group, and of Boris, who blocked it."""
    eve, boris = desk.driver.person("eve"), desk.driver.person("boris")
    await eve.send(desk.driver.chat(RESPONDERS), "good morning")
    await boris.block()
    for person, reason in ((eve, "can't initiate conversation"), (boris, "blocked by the user")):
        assert (await desk.gateway.bot.get_chat(person.id)).id == person.id
        found = await desk.gateway.can_write_to(person.id)
        assert isinstance(found, Forbidden)
        assert reason in found.reason


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "Not Found"), (400, "Bad Request: method not found"), (429, "Too Many Requests: retry after 3"), (500, "?")],
)
async def test_a_server_that_tells_no_typing_leaves_what_it_shows(desk: Desk, status: int, said: str) -> None:
    """The second question is optional: only that Telegram forbids it says anything about the person."""
    desk.telegram.faults.fail("sendChatAction", status, said, times=None)
    assert await desk.gateway.can_write_to(ANNA) == Done()
    assert isinstance(await desk.gateway.can_write_to(PEOPLE["eve"]), Forbidden)
    desk.telegram.faults.fail("getChat", 500, "Internal Server Error")
    assert isinstance(await desk.gateway.can_write_to(ANNA), NotReached)


async def test_optional_calls_may_be_refused(desk: Desk) -> None:
    """The menu and pins are asked for, and a refusal is an outcome, no exception."""
    assert await desk.gateway.set_commands({"incidents": "Open incidents"}) == Done()
    sent = await desk.gateway.send(RESPONDERS, Rendered("card"))
    assert isinstance(sent, Sent)
    assert await desk.gateway.pin(MessageRef(sent.chat, sent.message)) == Done()
    desk.telegram.faults.fail("pinChatMessage", 400, "Bad Request: not enough rights to manage pinned messages")
    assert not isinstance(await desk.gateway.pin(MessageRef(sent.chat, sent.message)), Done)


async def test_a_server_without_the_time_entity_gets_times_as_text(desk: Desk) -> None:
    """An older Bot API server refuses the tag once; from then on it is not asked again."""
    refusal = 'Bad Request: can\'t parse entities: Unsupported start tag "tg-time" at byte offset 0'
    desk.telegram.faults.fail("sendMessage", 400, refusal)
    shown = Rendered('<b>at</b> <tg-time unix="1768132800" format="t">12:00 UTC</tg-time>')
    for _ in range(2):
        assert isinstance(await desk.gateway.send(ANNA, shown), Sent)
    assert [call.status for call in desk.telegram.journal] == [400, 200, 200]
    assert desk.driver.person("anna").private.last.text == "at 12:00 UTC"


def test_plain_text_keeps_every_word() -> None:
    """Tags go, characters that were escaped come back."""
    assert plain(Rendered("<b>a &lt; b</b> &amp; <code>c</code>")).text == "a < b & c"


async def test_a_direct_answer_waits_for_its_turn_or_is_given_up(desk: Desk) -> None:
    """Answers to commands keep to the same budgets; one that would come far too late is not sent."""
    direct = Direct(desk.gateway, desk.pace)
    assert isinstance(await direct.say(ANNA, Rendered("on call: Anna")), Sent)
    desk.pace.budgets.penalty(ANNA, desk.time.now_s() + 60)
    assert isinstance(await direct.say(ANNA, Rendered("late")), Later)
    assert desk.texts() == ["on call: Anna"]


async def test_a_429_to_a_direct_answer_closes_the_chat_for_the_sender_too(desk: Desk) -> None:
    """Both share one budget, as Telegram sees one bot."""
    desk.telegram.faults.fail("sendMessage", 429, "Too Many Requests: retry after 9", retry_after_s=9)
    assert isinstance(await Direct(desk.gateway, desk.pace).say(ANNA, Rendered("text")), Later)
    now_s = desk.time.now_s()
    assert desk.pace.budgets.when(ANNA, Lane.PAGES, now_s) == now_s + 9


async def test_outcomes_name_who_is_at_fault(desk: Desk) -> None:
    """Somebody who never started the bot, and a server that is not there, are told apart."""
    await desk.telegram.faults.refuse_connections()
    assert isinstance(await desk.gateway.me(), NotReached)
    await desk.telegram.faults.accept_connections()
    assert isinstance(await desk.gateway.send(PEOPLE["eve"], Rendered("page")), Forbidden)
