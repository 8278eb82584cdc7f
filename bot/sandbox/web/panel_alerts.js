// Alerts of one's own: raised into Alertmanager, and resolved there.

import { el } from "./dom.js";

export function alertSection(change) {
  const name = el("input", { type: "text", name: "name", value: "DiskFull", maxlength: "80", pattern: "[\\w .:\\/\\-]+", required: true, autocomplete: "off", spellcheck: "false" });
  const severity = el(
    "select",
    { name: "severity" },
    ...["critical", "warning", "info"].map((each) => el("option", { value: each, selected: each === "warning" }, each)),
  );
  const summary = el("input", { type: "text", name: "summary", value: "Disk is 95 % full on db-1", maxlength: "200", required: true, autocomplete: "off" });
  const raise = el("button", { type: "submit", class: "wide-button primary" }, "Raise the alert");
  const form = el(
    "form",
    { class: "alert-form" },
    el("label", {}, el("span", {}, "Name"), name),
    el("label", {}, el("span", {}, "Severity"), severity),
    el("label", { class: "wide" }, el("span", {}, "Summary"), summary),
    raise,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    raise.disabled = true;
    await change("alerts", { name: name.value, severity: severity.value, summary: summary.value });
    raise.disabled = false;
  });
  const list = el("ul", { class: "raised" });
  let drawn = "";
  return {
    node: el("section", {}, el("h2", {}, "Raise an alert of your own"), form, list),
    draw({ alerts }) {
      const now = JSON.stringify(alerts);
      if (now === drawn) return;
      drawn = now;
      list.replaceChildren(...alerts.slice(0, 8).map((alert) => row(alert, change)));
    },
  };
}

function row(alert, change) {
  const text = el("span", { class: "raised-text" }, el("strong", {}, alert.name), el("small", {}, alert.summary));
  const mark = el("span", { class: `pill ${alert.resolved_at ? "well" : alert.severity}` }, alert.resolved_at ? "resolved" : alert.severity);
  const resolve = alert.resolved_at
    ? null
    : el("button", { type: "button", class: "text-button", "aria-label": `Resolve ${alert.name}`, onclick: () => change(`alerts/${encodeURIComponent(alert.id)}/resolve`) }, "Resolve");
  return el("li", {}, mark, text, resolve);
}
