// One choice of a few, as a row of buttons that share a frame.

import { el } from "./dom.js";

export function segments(label, choices, onChoose, { named = true } = {}) {
  const buttons = choices.map(([text, value]) => {
    const button = el("button", { type: "button", "aria-pressed": "false", onclick: () => onChoose(value) }, text);
    return { button, value };
  });
  const group = el("div", { class: "segments", role: "group", "aria-label": label }, ...buttons.map(({ button }) => button));
  return {
    node: named ? el("div", { class: "choice" }, el("span", { class: "choice-label" }, label), group) : group,
    choose(value) {
      for (const each of buttons) each.button.setAttribute("aria-pressed", String(Math.abs(each.value - value) < 1e-9));
    },
  };
}
