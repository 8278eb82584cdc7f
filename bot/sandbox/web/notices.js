// Short notices over the chat, and alerts that want an OK: Telegram's two ways of answering a press.

import { byId, el } from "./dom.js";

const SHOWN_MS = 4000;
const MOST = 3;

export function showNotice(text, { action = null, failed = false } = {}) {
  const box = byId("notices");
  const notice = el("div", { class: failed ? "notice failed" : "notice" }, el("span", {}, text));
  const close = () => notice.remove();
  if (action) {
    const act = () => {
      close();
      action.run();
    };
    notice.append(el("button", { type: "button", onclick: act }, action.label));
  }
  box.append(notice);
  while (box.children.length > MOST) box.firstElementChild.remove();
  setTimeout(close, action ? SHOWN_MS * 2 : SHOWN_MS);
}

export const showFailure = (error) => showNotice(error.message, { failed: true });

export function showAlert(text) {
  const dialog = byId("alert");
  byId("alert-text").textContent = text;
  if (!dialog.open) dialog.showModal();
}

export function showPicture(address, description) {
  const dialog = byId("lightbox");
  const picture = dialog.querySelector("img");
  picture.src = address;
  picture.alt = description;
  dialog.showModal();
}

byId("lightbox").addEventListener("click", (event) => {
  if (event.target !== event.currentTarget.querySelector("img")) event.currentTarget.close();
});
