// Where one writes: grows with the text, replies, and offers commands after a slash.

import { COMMANDS } from "./commands.js";
import { connection } from "./connection.js";
import { byId, el } from "./dom.js";
import { excerptOf } from "./message.js";
import { showFailure } from "./notices.js";
import { store } from "./store.js";

const field = byId("text");
const form = byId("composer");
const hints = byId("hints");
let replyTo = null;
let chosen = 0;
const drafts = new Map();
let draftKey = "";

export function startComposer() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  field.addEventListener("input", changed);
  field.addEventListener("keydown", keyPressed);
  byId("slash").addEventListener("click", () => {
    field.value = field.value.startsWith("/") ? "" : "/";
    field.focus();
    changed();
  });
  byId("start").addEventListener("click", () => act({ type: "start", person: store.me }));
  byId("block").addEventListener("click", () => act({ type: "block", person: store.me, blocked: !store.person(store.me).blocked }));
  store.listen(["open", "me", "hello"], switchDraft);
  store.listen(["open", "me", "hello", "person"], drawState);
  store.listen(["deleted"], ({ messageId }) => replyTo?.message_id === messageId && reply(null));
}

export function reply(message) {
  replyTo = message;
  const bar = byId("replying");
  bar.hidden = !message;
  if (!message) return bar.replaceChildren();
  bar.replaceChildren(
    el("span", { class: "replying-text" }, el("strong", {}, `Reply to ${message.from.name}`), el("span", {}, excerptOf(message))),
    el("button", { type: "button", class: "icon-button", "aria-label": "Don’t reply", onclick: () => reply(null) }, "✕"),
  );
  field.focus();
}

export async function say(text) {
  await act({ type: "send", person: store.me, chat_id: store.open, text, reply_to: replyTo?.message_id ?? null });
}

async function send() {
  const text = field.value.trim();
  if (!text) return;
  const sent = { type: "send", person: store.me, chat_id: store.open, text, reply_to: replyTo?.message_id ?? null };
  field.value = "";
  reply(null);
  changed();
  field.focus();
  if (await act(sent)) return;
  // Nothing that was written is lost.
  if (!field.value) field.value = text;
  changed();
}

async function act(given) {
  try {
    await connection.act(given);
    return true;
  } catch (error) {
    showFailure(error);
    return false;
  }
}

function changed() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
  form.querySelector(".send").disabled = !field.value.trim();
  drawHints();
}

function switchDraft() {
  const key = `${store.me} ${store.open}`;
  if (key === draftKey) return;
  drafts.set(draftKey, field.value);
  draftKey = key;
  field.value = drafts.get(key) ?? "";
  reply(null);
  field.blur();
  changed();
}

function drawState() {
  const chat = store.chats.get(store.open);
  const person = store.person(store.me);
  const mine = chat?.kind === "private";
  const silent = mine && (!person.started || person.blocked);
  form.classList.toggle("not-started", Boolean(silent));
  byId("start").hidden = !silent;
  byId("start").textContent = person?.blocked ? "Unblock and restart" : "Start";
  const block = byId("block");
  block.hidden = !mine || !person.started;
  block.textContent = person?.blocked ? "Unblock" : "Block bot";
}

const offered = () => {
  const typed = /^\/(\w*)$/.exec(field.value);
  return typed ? COMMANDS.filter(([name]) => name.startsWith(typed[1].toLowerCase())) : [];
};

function drawHints() {
  const commands = offered();
  chosen = Math.min(chosen, Math.max(0, commands.length - 1));
  hints.hidden = commands.length === 0;
  hints.replaceChildren(
    ...commands.map(([name, meaning], index) =>
      el(
        "li",
        { role: "option", id: `hint-${index}`, "aria-selected": String(index === chosen), onmousedown: (event) => event.preventDefault(), onclick: (event) => take(event, name) },
        el("strong", {}, `/${name}`),
        el("span", {}, meaning),
      ),
    ),
  );
  if (hints.hidden) field.removeAttribute("aria-activedescendant");
  else {
    field.setAttribute("aria-activedescendant", `hint-${chosen}`);
    hints.children[chosen].scrollIntoView({ block: "nearest" });
  }
}

function take(event, name) {
  event.preventDefault();
  field.value = `/${name} `;
  chosen = 0;
  field.focus();
  changed();
}

function keyPressed(event) {
  if (event.isComposing) return;
  if (!hints.hidden && hintKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape" && replyTo) reply(null);
}

// True when the key was for the list of commands. Enter on a whole command sends it.
function hintKey(event) {
  const commands = offered();
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : commands.length - 1)) % commands.length;
    drawHints();
    return true;
  }
  if (event.key === "Escape") {
    hints.hidden = true;
    return true;
  }
  const [name] = commands[chosen];
  if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && field.value !== `/${name}`)) {
    take(event, name);
    return true;
  }
  return false;
}
