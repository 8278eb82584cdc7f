// The bot's clock: moved ahead, or made faster, so that a deadline need not be waited for.

import { el } from "./dom.js";
import { segments } from "./segments.js";

const STEPS = [
  ["+1 min", 60],
  ["+5 min", 300],
  ["+15 min", 900],
  ["+1 h", 3600],
];
const AHEAD_FROM_S = 5;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });

export function clockSection(change) {
  const time = el("strong", { class: "clock" });
  const note = el("span", { class: "clock-note" });
  const steps = STEPS.map(([label, seconds]) => el("button", { type: "button", onclick: (event) => step(event.currentTarget, seconds) }, label));
  const speed = segments(
    "Speed",
    [["1×", 1], ["10×", 10], ["60×", 60]],
    (factor) => change("clock/speed", { factor }),
  );
  let shown = null;

  async function step(button, seconds) {
    for (const each of steps) each.disabled = true;
    button.classList.add("busy");
    await change("clock/advance", { by_s: seconds });
    button.classList.remove("busy");
    for (const each of steps) each.disabled = false;
    button.focus();
  }

  // Between two answers the clock runs on at its speed.
  function tick() {
    if (!shown) return;
    const now = shown.now + (performance.now() - shown.at) * shown.speed;
    time.textContent = `${clock.format(now)} UTC`;
    const ahead = Math.round((now - Date.now()) / 1000);
    note.textContent = `${day.format(now)}${ahead > AHEAD_FROM_S ? ` · ${aheadOf(ahead)} ahead` : ""}`;
  }
  setInterval(tick, 250);

  return {
    node: el(
      "section",
      {},
      el("h2", {}, "The bot’s clock"),
      el("p", { class: "clock-line" }, time, note),
      el("div", { class: "segments" }, ...steps),
      speed.node,
    ),
    draw(state) {
      shown = { now: Date.parse(state.clock.now), speed: state.clock.speed, at: performance.now() };
      speed.choose(state.clock.speed);
      tick();
    },
  };
}

function aheadOf(seconds) {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
