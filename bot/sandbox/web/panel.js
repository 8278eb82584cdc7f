// The demo's panel: asks the server for its state once a second and draws it; every change goes to the server.

import { byId, el } from "./dom.js";
import { showFailure } from "./notices.js";
import { alertSection } from "./panel_alerts.js";
import { clockSection } from "./panel_clock.js";
import { serviceSection } from "./panel_service.js";

const ASK_EVERY_MS = 1000;
const HIDDEN_EVERY_MS = 5000;

export function startPanel(root, close) {
  const sections = [clockSection(change), serviceSection(change), alertSection(change), monitoringSection()];
  const waiting = el("p", { class: "panel-waiting" }, "This sandbox runs without the demo’s service.");
  const body = el("div", { class: "panel-body", hidden: true }, ...sections.map((section) => section.node));
  root.append(
    el(
      "header",
      { class: "bar" },
      el("button", { type: "button", class: "icon-button back", "aria-label": "Close the panel", onclick: close }, "←"),
      el("div", { class: "bar-text" }, el("h1", {}, "Demo panel"), el("p", {}, "Break things on purpose")),
    ),
    waiting,
    body,
  );

  function draw(state) {
    waiting.hidden = true;
    body.hidden = false;
    for (const section of sections) section.draw(state);
  }

  // Resolves to true when the server took the change.
  async function change(path, content = {}) {
    try {
      draw(await ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) }));
      return true;
    } catch (error) {
      showFailure(error);
      return false;
    }
  }

  async function poll() {
    const seen = document.visibilityState === "visible" && byId("panel").offsetParent !== null;
    if (seen || body.hidden) {
      try {
        draw(await ask("state"));
        body.classList.remove("stale");
      } catch {
        body.classList.add("stale");
      }
    }
    setTimeout(poll, seen ? ASK_EVERY_MS : HIDDEN_EVERY_MS);
  }

  poll();
}

async function ask(path, request = {}) {
  const answer = await fetch(`panel/${path}`, { signal: AbortSignal.timeout(15_000), ...request });
  const content = await answer.json().catch(() => null);
  if (answer.ok && content) return content;
  throw new Error(content?.error?.message ?? `The panel answered ${answer.status}.`);
}

function monitoringSection() {
  const kind = el("p", {});
  const links = el("p", { class: "panel-links" });
  let drawn = "";
  return {
    node: el("section", {}, el("h2", {}, "Monitoring"), kind, links),
    draw({ monitoring, service }) {
      const now = JSON.stringify([monitoring, service.url]);
      if (now === drawn) return;
      drawn = now;
      kind.textContent = kindOf(monitoring);
      links.replaceChildren(
        out("Prometheus", monitoring.kind === "real" ? `${monitoring.prometheus_url}/graph` : monitoring.prometheus_url),
        out("Alertmanager", monitoring.alertmanager_url),
        out("Metrics", `${service.url}/metrics`),
        out("Health", `${service.url}/health`),
      );
    },
  };
}

function kindOf({ kind, versions }) {
  const short = (version) => version?.split(/[+~-]/)[0].replace(/^(\d+\.\d+)\.0$/, "$1");
  if (kind === "real") return `Real Prometheus ${short(versions.prometheus)} and Alertmanager ${short(versions.alertmanager)}.`;
  return "Small stand-ins: install prometheus and prometheus-alertmanager for the real ones.";
}

const out = (text, href) => el("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
