// A message's text with its entities as DOM nodes. Offsets count UTF-16 units, which is how JavaScript counts too.

import { el } from "./dom.js";
import { wholeTimeOf } from "./format.js";
import { jumpToLink } from "./links.js";
import { showNotice } from "./notices.js";

const SIMPLE = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

// `onCommand` runs when a /command in the text is pressed.
export function richText(text, entities, onCommand = null) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return stretch(text, sorted, 0, text.length, onCommand);
}

function stretch(text, entities, start, end, onCommand) {
  const nodes = [];
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    const inside = [];
    index += 1;
    while (index < entities.length && entities[index].offset < to) inside.push(entities[index++]);
    if (to <= from) continue;
    if (from > at) nodes.push(text.slice(at, from));
    nodes.push(wrapped(entity, text.slice(from, to), stretch(text, inside, from, to, onCommand), onCommand));
    at = to;
    // A block ends its line by itself: the line break after it is no empty line.
    if (BLOCKS.has(entity.type) && text[at] === "\n" && at < end) at += 1;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function wrapped(entity, text, children, onCommand) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, children);
    case "url":
      return link(/^[a-z][a-z\d+.-]*:/i.test(text) ? text : `https://${text}`, children);
    case "email":
      return link(`mailto:${text}`, children);
    case "pre":
      return el("pre", { "data-language": entity.language, tabindex: "0" }, el("code", {}, ...children));
    case "spoiler":
      return spoiler(children);
    case "blockquote":
      return el("blockquote", {}, ...children);
    case "expandable_blockquote":
      return expandable(children);
    case "date_time":
      return momentButton(entity.unix_time, children);
    case "bot_command":
      return onCommand
        ? el("button", { type: "button", class: "inline-link", onclick: () => onCommand(text) }, ...children)
        : el("span", { class: "mention" }, ...children);
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
    case "phone_number":
      return el("span", { class: "mention" }, ...children);
    default:
      return el(SIMPLE[entity.type] ?? "span", {}, ...children);
  }
}

const SAFE = new Set(["http:", "https:", "mailto:", "tg:"]);

export function safeUrl(address) {
  try {
    const url = new URL(address);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function link(address, children) {
  const href = safeUrl(address);
  if (!href) return el("span", {}, ...children);
  const open = (event) => {
    if (jumpToLink(href)) event.preventDefault();
  };
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", title: href, onclick: open }, ...children);
}

function spoiler(children) {
  const hidden = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text, press to show" }, ...children);
  const show = () => {
    hidden.classList.add("shown");
    hidden.removeAttribute("role");
    hidden.removeAttribute("aria-label");
  };
  hidden.addEventListener("click", show);
  hidden.addEventListener("keydown", ({ key }) => {
    if (key === "Enter" || key === " ") show();
  });
  return hidden;
}

function expandable(children) {
  const quote = el("blockquote", { class: "expandable" }, el("span", { class: "expandable-text" }, ...children));
  const toggle = el("button", { type: "button", class: "inline-link", "aria-expanded": "false" }, "Show more");
  toggle.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? "Show less" : "Show more";
  });
  quote.append(toggle);
  return quote;
}

function momentButton(unix, children) {
  const local = wholeTimeOf(unix);
  return el("button", { type: "button", class: "moment", title: local, onclick: () => showNotice(`${local}, your time`) }, ...children);
}
