// What the browser knows: people, chats, messages, who one is and what each person has read.
// Everything else draws from here and listens to "changed" events.

import { SavedReads } from "./reads.js";

const KEPT_MESSAGES = 500;
const SAVED_PERSON = "nabat-sandbox-person";

class Store extends EventTarget {
  people = [];
  chats = new Map();
  messages = new Map();
  me = null;
  open = null;
  reads = new SavedReads();

  hello({ people, chats, messages }) {
    this.people = people;
    this.chats = new Map(chats.map((chat) => [chat.id, chat]));
    this.messages = new Map(chats.map((chat) => [chat.id, new Map()]));
    for (const list of Object.values(messages)) {
      for (const message of list) this.messages.get(message.chat_id)?.set(message.message_id, message);
    }
    if (!this.person(this.me)) this.me = this.person(Number(localStorage.getItem(SAVED_PERSON)))?.id ?? people[0]?.id ?? null;
    if (this.open !== null && !this.chats.has(this.open)) this.open = null;
    this.tell("hello");
  }

  become(person) {
    this.me = person;
    localStorage.setItem(SAVED_PERSON, String(person));
    const chat = this.chats.get(this.open);
    // The bot's private chat stays open, as the new person's own.
    if (chat?.kind === "private") this.open = person;
    this.tell("me");
  }

  openChat(chatId) {
    this.open = chatId;
    this.tell("open");
  }

  put(message, { edited = false } = {}) {
    const list = this.messages.get(message.chat_id);
    if (!list || (edited && !list.has(message.message_id))) return;
    list.set(message.message_id, message);
    if (list.size > KEPT_MESSAGES) list.delete(list.keys().next().value);
    this.tell(edited ? "edited" : "message", { message });
  }

  remove(chatId, messageId) {
    if (this.messages.get(chatId)?.delete(messageId)) this.tell("deleted", { chatId, messageId });
  }

  pin(chatId, messageId) {
    for (const message of this.messages.get(chatId)?.values() ?? []) message.pinned = message.message_id === messageId;
    this.tell("pinned", { chatId });
  }

  updatePerson(person) {
    this.people = this.people.map((known) => (known.id === person.id ? person : known));
    this.tell("person");
  }

  person(id) {
    return this.people.find((person) => person.id === id);
  }

  message(chatId, messageId) {
    return this.messages.get(chatId)?.get(messageId);
  }

  messagesOf(chatId) {
    return [...(this.messages.get(chatId)?.values() ?? [])];
  }

  pinnedOf(chatId) {
    return this.messagesOf(chatId).findLast((message) => message.pinned);
  }

  chatsOf(person) {
    return [...this.chats.values()].filter((chat) => chat.kind !== "private" || chat.person === person);
  }

  unread(person, chatId) {
    const messages = this.messagesOf(chatId);
    const last = this.reads.last(person, chatId);
    // A sandbox that was started anew counts its messages from 1 again.
    const read = last > (messages.at(-1)?.message_id ?? 0) ? 0 : last;
    return messages.filter((message) => message.message_id > read && message.from.id !== person).length;
  }

  unreadOf(person) {
    return this.chatsOf(person).reduce((sum, chat) => sum + this.unread(person, chat.id), 0);
  }

  // What the bot wrote to this person alone.
  unreadPages(person) {
    return this.chats.has(person) ? this.unread(person, person) : 0;
  }

  markRead(person, chatId) {
    const last = Math.max(0, ...(this.messages.get(chatId)?.keys() ?? []));
    if (this.reads.mark(person, chatId, last)) this.tell("read");
  }

  tell(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent("changed", { detail: { kind, ...detail } }));
  }

  listen(kinds, react) {
    this.addEventListener("changed", ({ detail }) => {
      if (kinds.includes(detail.kind)) react(detail);
    });
  }
}

export const store = new Store();
