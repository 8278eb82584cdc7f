// Who one is: the switch between the demo's people, with a badge for those who have something unread.

import { byId, el } from "./dom.js";
import { hueOf } from "./format.js";
import { showNotice } from "./notices.js";
import { store } from "./store.js";

let open = false;

export function startPeople(openChat) {
  store.listen(["hello", "me", "message", "deleted", "read", "person"], draw);
  store.listen(["message"], ({ message }) => announce(message, openChat));
  document.addEventListener("click", (event) => {
    if (open && !event.composedPath().includes(byId("people"))) toggle(false);
  });
  byId("people").addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !open) return;
    toggle(false);
    byId("people").querySelector(".person-switch")?.focus();
  });
}

function draw() {
  const me = store.person(store.me);
  if (!me) return;
  const others = store.people.filter((person) => person.id !== me.id).reduce((sum, person) => sum + store.unreadPages(person.id), 0);
  const button = el(
    "button",
    { type: "button", class: "person-switch", "aria-expanded": String(open), "aria-haspopup": "true", onclick: () => toggle(!open) },
    el("span", { class: `avatar small ${hueOf(me.id)}`, "aria-hidden": "true" }, me.initials),
    el("span", {}, el("small", {}, "You are"), el("strong", {}, me.name)),
    el("span", { class: "chevron", "aria-hidden": "true" }, "▾"),
    others ? el("span", { class: "badge quiet", title: "The bot wrote to the others" }, String(others)) : null,
  );
  const focused = byId("people").contains(document.activeElement) && document.activeElement.className;
  byId("people").replaceChildren(button, menu());
  if (focused === "person-switch") button.focus();
}

function menu() {
  const choices = store.people.map((person) => {
    const unread = store.unreadPages(person.id);
    const state = person.blocked ? "blocked the bot" : person.started ? "" : "never pressed Start";
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "person-choice", "aria-current": person.id === store.me ? "true" : null, onclick: () => become(person.id) },
        el("span", { class: `avatar small ${hueOf(person.id)}`, "aria-hidden": "true" }, person.initials),
        el("span", { class: "person-name" }, el("strong", {}, person.name), state ? el("small", {}, state) : null),
        unread ? el("span", { class: "badge", "aria-label": `${unread} unread` }, String(unread)) : null,
      ),
    );
  });
  return el("ul", { class: "people-menu", hidden: !open, "aria-label": "Be somebody else" }, ...choices);
}

function toggle(to) {
  open = to;
  draw();
}

function become(person) {
  open = false;
  store.become(person);
}

// A page for somebody else is shown to whoever sits here, with the way to it.
function announce(message, openChat) {
  const chat = store.chats.get(message.chat_id);
  if (chat?.kind !== "private" || !message.from.bot || message.silent || chat.person === store.me) return;
  const person = store.person(chat.person);
  const go = () => {
    store.become(person.id);
    openChat(chat.id);
  };
  showNotice(`🔔 ${person.name}: ${message.text.split("\n", 1)[0].slice(0, 80)}`, { action: { label: `Be ${person.name}`, run: go } });
}
