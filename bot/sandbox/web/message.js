// One message as it stands in a conversation: bubble, quote, picture, text, time and buttons.

import { el } from "./dom.js";
import { richText } from "./entities.js";
import { hueOfSender, initialsOf, sizeOf, timeOf, wholeTimeOf } from "./format.js";
import { keyboard } from "./keyboard.js";
import { jumpToMessage } from "./links.js";
import { showPicture } from "./notices.js";
import { store } from "./store.js";

// `actions.reply(message)` and `actions.command(text)` are the conversation's.
export function messageNode(message, actions) {
  const own = message.from.id === store.me;
  const group = store.chats.get(message.chat_id)?.kind === "group";
  const keys = keyboard(message);
  const bubble = el("div", { class: "bubble" }, ...bubbleParts(message, { own, group }, actions));
  const reply = el("button", { type: "button", class: "reply", "aria-label": `Reply to ${message.from.name}`, title: "Reply", onclick: () => actions.reply(message) }, "↩");
  const body = el("div", { class: "message-body" }, el("div", { class: "bubble-row" }, bubble, reply), keys);
  const avatar = group && !own ? el("span", { class: `avatar small ${hueOfSender(message.from)}`, "aria-hidden": "true" }, initialsOf(message.from.name)) : null;
  return el(
    "li",
    {
      class: ["message", own ? "own" : "other", group && !own ? "with-avatar" : "", keys ? "with-keys" : "", message.photo ? "with-photo" : ""].filter(Boolean).join(" "),
      dataset: { message: `${message.chat_id}:${message.message_id}`, id: String(message.message_id) },
    },
    avatar,
    body,
  );
}

function bubbleParts(message, { own, group }, actions) {
  const parts = [];
  if (group && !own) parts.push(el("p", { class: `sender ${hueOfSender(message.from)}` }, message.from.name, message.from.bot ? el("span", { class: "bot-mark" }, "bot") : null));
  if (message.forwarded_from) parts.push(el("p", { class: "forwarded" }, `Forwarded from ${message.forwarded_from}`));
  if (message.reply_to) parts.push(quote(message));
  if (message.photo) parts.push(photo(message));
  if (message.document) parts.push(documentCard(message.document));
  parts.push(el("div", { class: "text", dir: "auto" }, ...richText(message.text, message.entities, actions.command), meta(message)));
  return parts;
}

function quote(message) {
  const { message_id: id, from, text } = message.reply_to;
  return el(
    "button",
    { type: "button", class: "quote", onclick: () => jumpToMessage(message.chat_id, id), "aria-label": `In reply to ${from}: ${text}` },
    el("strong", {}, from),
    el("span", {}, text || "Message"),
  );
}

function photo(message) {
  const description = message.text.split("\n", 1)[0] || "Picture";
  const picture = el("img", { src: message.photo, alt: description, loading: "lazy" });
  return el("button", { type: "button", class: "photo", "aria-label": `Enlarge: ${description}`, onclick: () => showPicture(message.photo, description) }, picture);
}

function documentCard({ name, url, size }) {
  return el(
    "a",
    { class: "document", href: url, download: name },
    el("span", { class: "document-icon", "aria-hidden": "true" }, "↓"),
    el("span", { class: "document-text" }, el("strong", {}, name), el("small", {}, sizeOf(size))),
  );
}

function meta(message) {
  const title = message.edited ? `${wholeTimeOf(message.date)}, edited ${timeOf(message.edited)}` : wholeTimeOf(message.date);
  const marks = [message.silent ? "🔕" : "", message.pinned ? "📌" : "", message.edited ? "edited" : "", timeOf(message.date)];
  return el("span", { class: "meta", title }, marks.filter(Boolean).join(" "));
}

export const excerptOf = (message) => message.text.replaceAll("\n", " ") || (message.photo ? "🖼 Picture" : message.document ? `📄 ${message.document.name}` : "Message");
