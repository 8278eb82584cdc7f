// Times, sizes and colours as people read them, in the reader's own language and time zone.

const clock = new Intl.DateTimeFormat([], { timeStyle: "short" });
const dayOfYear = new Intl.DateTimeFormat([], { day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat([], { day: "numeric", month: "long", year: "numeric" });
const whole = new Intl.DateTimeFormat([], { dateStyle: "full", timeStyle: "long" });
const shortDay = new Intl.DateTimeFormat([], { day: "2-digit", month: "2-digit" });

export const timeOf = (unix) => clock.format(unix * 1000);
export const wholeTimeOf = (unix) => whole.format(unix * 1000);

export function dayOf(unix) {
  const day = new Date(unix * 1000);
  const today = new Date();
  if (day.toDateString() === today.toDateString()) return "Today";
  return (day.getFullYear() === today.getFullYear() ? dayOfYear : dayAndYear).format(day);
}

export function listTimeOf(unix) {
  return dayOf(unix) === "Today" ? timeOf(unix) : shortDay.format(unix * 1000);
}

export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let value = bytes;
  let unit = -1;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

// People and groups share six hues; a bot has the seventh everywhere. The result is a CSS class.
const HUES = [0, 1, 2, 3, 5, 6];
export const BOT_HUE = "hue-4";
export const hueOf = (id) => `hue-${HUES[Math.abs(id) % HUES.length]}`;
export const hueOfSender = ({ id, bot }) => (bot ? BOT_HUE : hueOf(id));
export const hueOfChat = ({ id, kind }) => (kind === "private" ? BOT_HUE : hueOf(id));

export function initialsOf(title) {
  const words = title.split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}
