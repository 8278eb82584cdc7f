// The open chat: its messages, kept in step with the store one node at a time, and where it is scrolled to.

import { byId, el } from "./dom.js";
import { dayOf, hueOfChat, initialsOf } from "./format.js";
import { excerptOf, messageNode } from "./message.js";
import { jumpToMessage } from "./links.js";
import { store } from "./store.js";

const NEAR_BOTTOM_PX = 120;
const RUN_S = 300;
const TYPING_MS = 5500;

const list = byId("messages");
const scroller = byId("scroller");
const toBottom = byId("to-bottom");
let actions = { reply() {}, command() {} };
let missed = 0;
let typingTimer = 0;

export function startConversation(given) {
  actions = given;
  store.listen(["hello", "me", "open"], drawAll);
  store.listen(["message"], ({ message }) => message.chat_id === store.open && added(message));
  store.listen(["edited"], ({ message }) => message.chat_id === store.open && replaced(message));
  store.listen(["deleted"], ({ chatId, messageId }) => chatId === store.open && removed(messageId));
  store.listen(["pinned"], ({ chatId }) => chatId === store.open && redrawPinned());
  store.listen(["jump"], ({ messageId }) => jump(messageId));
  store.listen(["typing"], ({ chatId }) => chatId === store.open && showTyping());
  scroller.addEventListener("scroll", followScroll, { passive: true });
  toBottom.addEventListener("click", () => scrollDown("smooth"));
  new ResizeObserver(() => atBottom && scrollDown()).observe(scroller);
  list.addEventListener("load", () => atBottom && scrollDown(), true);
  document.addEventListener("visibilitychange", readIfSeen);
}

let atBottom = true;

function drawAll() {
  const chat = store.chats.get(store.open);
  for (const id of ["conversation-bar", "scroller", "composer"]) byId(id).hidden = !chat;
  byId("nothing-open").hidden = Boolean(chat);
  list.replaceChildren();
  if (!chat) return;
  drawBar(chat);
  list.append(...store.messagesOf(chat.id).map((message) => messageNode(message, actions)));
  markRuns();
  drawPinned();
  missed = 0;
  scrollDown();
}

function drawBar(chat) {
  byId("conversation-title").textContent = chat.title;
  stopTyping();
  const avatar = byId("conversation-avatar");
  avatar.textContent = initialsOf(chat.title);
  avatar.className = `avatar ${hueOfChat(chat)}`;
}

function subtitleOf(chat) {
  if (chat.kind === "private") return `bot · ${store.person(chat.person)?.name}’s private chat`;
  return `${store.people.length} people and ${chat.bot}`;
}

function showTyping() {
  byId("conversation-subtitle").replaceChildren(el("span", { class: "typing" }, "typing", el("span", { class: "dots", "aria-hidden": "true" })));
  clearTimeout(typingTimer);
  typingTimer = setTimeout(stopTyping, TYPING_MS);
}

function stopTyping() {
  clearTimeout(typingTimer);
  const chat = store.chats.get(store.open);
  byId("conversation-subtitle").textContent = chat ? subtitleOf(chat) : "";
}

function added(message) {
  if (message.from.bot) stopTyping();
  const node = messageNode(message, actions);
  node.classList.add("new");
  list.append(node);
  while (list.children.length > store.messages.get(store.open).size) list.firstElementChild.remove();
  markRuns();
  if (message.pinned) drawPinned();
  if (atBottom || message.from.id === store.me) scrollDown("smooth");
  else {
    missed += 1;
    drawMissed();
  }
}

function replaced(message) {
  const old = nodeOf(message.message_id);
  if (!old) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.dataset.data : undefined;
  const node = messageNode(message, actions);
  old.replaceWith(node);
  // Whoever steers by keyboard keeps the button they are on.
  if (focused !== undefined) [...node.querySelectorAll(".key")].find((key) => key.dataset.data === focused)?.focus();
  markRuns();
  drawPinned();
  if (atBottom) scrollDown();
}

function removed(messageId) {
  nodeOf(messageId)?.remove();
  markRuns();
  drawPinned();
}

function redrawPinned() {
  for (const message of store.messagesOf(store.open)) {
    const node = nodeOf(message.message_id);
    if (node && node.querySelector(".meta")?.textContent.includes("📌") !== message.pinned) node.replaceWith(messageNode(message, actions));
  }
  markRuns();
  drawPinned();
}

function drawPinned() {
  const bar = byId("pinned-bar");
  const message = store.pinnedOf(store.open);
  bar.hidden = !message;
  if (!message) return;
  const show = () => jumpToMessage(message.chat_id, message.message_id);
  bar.replaceChildren(el("button", { type: "button", onclick: show }, el("strong", {}, "📌 Pinned"), el("span", {}, excerptOf(message))));
}

// Messages of one sender within five minutes are one run: one name, one avatar. A new day gets its date.
function markRuns() {
  let before = null;
  for (const node of list.children) {
    const message = store.message(store.open, Number(node.dataset.id));
    if (!message) continue;
    const newDay = !before || dayOf(before.date) !== dayOf(message.date);
    const goesOn = !newDay && before.from.id === message.from.id && message.date - before.date < RUN_S;
    node.classList.toggle("run-on", goesOn);
    node.previousElementSibling?.classList.toggle("run-end", !goesOn);
    if (newDay) node.dataset.day = dayOf(message.date);
    else delete node.dataset.day;
    before = message;
  }
  list.lastElementChild?.classList.add("run-end");
}

const nodeOf = (messageId) => list.querySelector(`[data-id="${messageId}"]`);

function jump(messageId) {
  const node = nodeOf(messageId);
  if (!node) return;
  atBottom = false;
  // At once: on its way a smooth scroll passes for being at the bottom, and a picture that loads then would pull it back.
  node.scrollIntoView({ block: "center" });
  node.classList.remove("found");
  requestAnimationFrame(() => node.classList.add("found"));
}

function scrollDown(behavior = "auto") {
  atBottom = true;
  scroller.scrollTo({ top: scroller.scrollHeight, behavior: calm() ? "auto" : behavior });
  missed = 0;
  drawMissed();
  readIfSeen();
}

function followScroll() {
  atBottom = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM_PX;
  if (atBottom) missed = 0;
  drawMissed();
}

function drawMissed() {
  toBottom.hidden = atBottom || scroller.hidden;
  const badge = toBottom.querySelector(".badge");
  badge.hidden = missed === 0;
  badge.textContent = String(missed);
}

export function readIfSeen() {
  const seen = document.visibilityState === "visible" && scroller.offsetParent !== null;
  if (seen && store.open !== null) store.markRead(store.me, store.open);
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
