// How far each person has read each chat; kept for this tab, so that a reload loses no badge.

const SAVED = "nabat-sandbox-reads";

export class SavedReads {
  #last;

  constructor() {
    try {
      this.#last = JSON.parse(sessionStorage.getItem(SAVED)) ?? {};
    } catch {
      this.#last = {};
    }
  }

  last(person, chatId) {
    return this.#last[`${person} ${chatId}`] ?? 0;
  }

  mark(person, chatId, messageId) {
    if (messageId === this.last(person, chatId)) return false;
    this.#last[`${person} ${chatId}`] = messageId;
    sessionStorage.setItem(SAVED, JSON.stringify(this.#last));
    return true;
  }
}
