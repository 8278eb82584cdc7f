// Inline buttons below a bubble, and the presses that wait for the bot's answer.

import { connection } from "./connection.js";
import { el } from "./dom.js";
import { safeUrl } from "./entities.js";
import { jumpToLink } from "./links.js";
import { showFailure, showNotice } from "./notices.js";
import { store } from "./store.js";

// A bot has to answer within seconds; after this a button stops turning by itself, as in Telegram's apps.
const GIVE_UP_MS = 15_000;
const pressed = [];

export function keyboard(message) {
  if (!message.buttons?.length) return null;
  const rows = message.buttons.map((row) => el("div", { class: "key-row" }, ...row.map((button) => key(message, button))));
  return el("div", { class: "keys" }, ...rows);
}

function key(message, button) {
  const properties = { class: `key ${button.style ?? ""}`.trim() };
  if (button.url !== undefined) return urlKey(button, properties);
  const node = el("button", { type: "button", ...properties }, el("span", {}, button.text));
  if (button.copy !== undefined) {
    node.append(el("span", { class: "key-mark copies", "aria-hidden": "true" }));
    node.addEventListener("click", () => copy(button.copy));
  } else if (button.data !== undefined) {
    node.addEventListener("click", () => press(node, message, button.data));
    if (waiting(message, button.data)) busy(node, true);
    node.dataset.data = button.data;
  } else node.disabled = true;
  return node;
}

function urlKey(button, properties) {
  const href = safeUrl(button.url);
  const open = (event) => {
    if (href && jumpToLink(href)) event.preventDefault();
  };
  const mark = el("span", { class: "key-mark", "aria-hidden": "true" }, "↗");
  return el("a", { ...properties, href, target: "_blank", rel: "noopener noreferrer", title: href, onclick: open }, el("span", {}, button.text), mark);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    showNotice("Copied");
  } catch {
    showNotice(`Copying is not allowed here: ${text}`, { failed: true });
  }
}

async function press(node, message, data) {
  const entry = { person: store.me, chatId: message.chat_id, messageId: message.message_id, data };
  if (waiting(message, data)) return;
  entry.timer = setTimeout(() => settle(entry), GIVE_UP_MS);
  pressed.push(entry);
  busy(node, true);
  try {
    await connection.act({ type: "press", person: entry.person, chat_id: entry.chatId, message_id: entry.messageId, data });
  } catch (error) {
    settle(entry);
    showFailure(error);
  }
}

function waiting(message, data) {
  return pressed.some(
    (entry) => entry.person === store.me && entry.chatId === message.chat_id && entry.messageId === message.message_id && entry.data === data,
  );
}

function busy(node, on) {
  node.classList.toggle("busy", on);
  node.setAttribute("aria-busy", String(on));
}

// The bot answered this person: the oldest press that waits is the one it answered.
export function pressAnswered(person) {
  const entry = pressed.find((each) => each.person === person);
  if (entry) settle(entry);
}

function settle(entry) {
  clearTimeout(entry.timer);
  const index = pressed.indexOf(entry);
  if (index >= 0) pressed.splice(index, 1);
  const bubble = document.querySelector(`[data-message="${entry.chatId}:${entry.messageId}"]`);
  for (const node of bubble?.querySelectorAll(".key.busy") ?? []) {
    if (node.dataset.data === entry.data) busy(node, false);
  }
}
