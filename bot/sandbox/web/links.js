// Links to messages of the sandbox's own chats (t.me/c/<chat>/<message>) jump there instead of leaving the page.

import { store } from "./store.js";

const TO_MESSAGE = /^https?:\/\/t\.me\/c\/(\d+)(?:\/\d+)?\/(\d+)\/?(?:\?.*)?$/;

export function jumpToLink(address) {
  const found = TO_MESSAGE.exec(address);
  const chat = found && store.chats.get(Number(`-100${found[1]}`));
  if (!chat) return false;
  jumpToMessage(chat.id, Number(found[2]));
  return true;
}

export function jumpToMessage(chatId, messageId) {
  if (store.open !== chatId) store.openChat(chatId);
  store.tell("jump", { messageId });
}
