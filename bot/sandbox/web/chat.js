// Joins the parts: events of the sandbox go into the store, and the views draw from it.

import { startChatList } from "./chatlist.js";
import { reply, say, startComposer } from "./composer.js";
import { connection } from "./connection.js";
import { readIfSeen, startConversation } from "./conversation.js";
import { byId } from "./dom.js";
import { pressAnswered } from "./keyboard.js";
import { showAlert, showNotice } from "./notices.js";
import { startPanel } from "./panel.js";
import { startPeople } from "./people.js";
import { store } from "./store.js";

const WIDE = matchMedia("(min-width: 900px)");

const RECEIVED = {
  hello: (event) => store.hello(event),
  message: ({ message }) => store.put(message),
  edited: ({ message }) => store.put(message, { edited: true }),
  deleted: ({ chat_id: chatId, message_id: messageId }) => store.remove(chatId, messageId),
  pinned: ({ chat_id: chatId, message_id: messageId }) => store.pin(chatId, messageId),
  typing: ({ chat_id: chatId }) => store.tell("typing", { chatId }),
  person: ({ person }) => store.updatePerson(person),
  toast: answered,
};

function answered({ person, text, alert }) {
  pressAnswered(person);
  if (person !== store.me || !text) return;
  if (alert) showAlert(text);
  else showNotice(text);
}

function view(name) {
  document.body.dataset.view = name;
}

function openChat(chatId) {
  // A phone's own "back" leads from the chat to the list.
  if (!WIDE.matches && document.body.dataset.view === "list") history.pushState({ view: "chat" }, "");
  view("chat");
  store.openChat(chatId);
  readIfSeen();
}

function toList() {
  if (!WIDE.matches && history.state?.view) history.back();
  else view("list");
}

function openPanel() {
  if (!WIDE.matches) history.pushState({ view: "panel", from: document.body.dataset.view }, "");
  view("panel");
}

function closePanel() {
  if (history.state?.view === "panel") history.back();
  else view(store.open === null ? "list" : "chat");
}

function drawTitle() {
  const unread = store.me === null ? 0 : store.unreadOf(store.me);
  document.title = unread ? `(${unread}) Nabat sandbox` : "Nabat sandbox";
}

function showOnline(online) {
  const line = byId("connection");
  line.hidden = online;
  line.textContent = "Connecting…";
  document.body.classList.toggle("offline", !online);
}

startConversation({ reply, command: say });
startChatList(openChat);
startPeople(openChat);
startComposer();
startPanel(byId("panel"), closePanel);
store.listen(["hello"], () => {
  const first = store.chatsOf(store.me).find((chat) => chat.kind === "group");
  if (store.open === null && WIDE.matches && first) openChat(first.id);
});
store.listen(["hello", "me", "message", "deleted", "read"], drawTitle);
store.listen(["jump"], () => view("chat"));
store.listen(["me"], readIfSeen);

byId("back").addEventListener("click", toList);
for (const opener of document.querySelectorAll("[data-open-panel]")) opener.addEventListener("click", openPanel);
addEventListener("popstate", ({ state }) => view(state?.view ?? "list"));
connection.addEventListener("event", ({ detail }) => RECEIVED[detail.type]?.(detail));
connection.addEventListener("online", ({ detail }) => showOnline(detail));
connection.open();
