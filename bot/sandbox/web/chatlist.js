// The list of chats that one person sees, newest first, with what is unread.

import { byId, el } from "./dom.js";
import { hueOfChat, initialsOf, listTimeOf } from "./format.js";
import { excerptOf } from "./message.js";
import { store } from "./store.js";

export function startChatList(open) {
  const draw = () => byId("chat-list").replaceChildren(...rows(open));
  store.listen(["hello", "me", "open", "message", "edited", "deleted", "read", "person"], draw);
}

function rows(open) {
  const chats = store.chatsOf(store.me).map((chat) => ({ chat, last: store.messagesOf(chat.id).at(-1) }));
  chats.sort((a, b) => (b.last?.date ?? 0) - (a.last?.date ?? 0));
  return chats.map(({ chat, last }) => row(chat, last, open));
}

function row(chat, last, open) {
  const unread = store.unread(store.me, chat.id);
  const person = chat.kind === "private" ? store.person(chat.person) : null;
  const text = last ? [sender(chat, last), excerptOf(last).slice(0, 120)] : [person && !person.started ? "Press Start to let the bot write to you" : "No messages yet"];
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "chat-row", "aria-current": chat.id === store.open ? "true" : null, onclick: () => open(chat.id), dataset: { chat: String(chat.id) } },
      el("span", { class: `avatar ${hueOfChat(chat)}`, "aria-hidden": "true" }, initialsOf(chat.title)),
      el(
        "span",
        { class: "chat-row-text" },
        el("span", { class: "chat-row-top" }, el("strong", {}, chat.title), el("small", {}, last ? listTimeOf(last.date) : "")),
        el(
          "span",
          { class: "chat-row-bottom" },
          el("span", { class: "chat-row-last" }, ...text.filter(Boolean)),
          unread ? el("span", { class: "badge", "aria-label": `${unread} unread` }, String(unread)) : null,
        ),
      ),
    ),
  );
}

function sender(chat, last) {
  if (last.from.id === store.me) return el("span", { class: "chat-row-sender" }, "You: ");
  return chat.kind === "group" ? el("span", { class: "chat-row-sender" }, `${last.from.name}: `) : null;
}
