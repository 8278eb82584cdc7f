// The breakable service: what it does now, and the ways to break it.

import { el } from "./dom.js";
import { segments } from "./segments.js";
import { sparkline } from "./sparkline.js";

// Targets of the plan; what lies beyond is drawn as bad.
const TARGETS = { error_ratio: 0.001, latency_p95_ms: 100, memory_bytes: 2.4e9 };
const WELL = { error_ratio: 0, latency_p95_ms: 25, memory_bytes: 1_900_000_000, down: false, pqc_fallback: false };

const percent = (ratio) => `${(ratio * 100).toLocaleString("en", { maximumFractionDigits: ratio < 0.1 ? 1 : 0 })} %`;
const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;

export function serviceSection(change) {
  const set = (values) => change("service", values);
  const state = el("span", { class: "pill" });
  const name = el("h2", {});
  const errors = figure("Error rate", "error_ratio", { top: 0.15, limit: 0.05, written: percent, presets: [["0 %", 0], ["2 %", 0.02], ["7 %", 0.07], ["12 %", 0.12]], set });
  const latency = figure("Latency P95", "latency_p95_ms", { top: 1000, limit: 500, written: (ms) => `${Math.round(ms)} ms`, presets: [["25 ms", 25], ["300 ms", 300], ["800 ms", 800]], set });
  const memory = figure("Memory", "memory_bytes", { top: 3e9, limit: 2.4e9, written: gigabytes, presets: [["1.9 GB", 1.9e9], ["2.5 GB", 2.5e9], ["2.8 GB", 2.8e9]], set });
  const slider = errorSlider(set);
  errors.node.append(slider.node);
  const throughput = el("p", { class: "throughput" });
  const down = toggle("Service down", "It answers 503 and can’t be scraped", (on) => set({ down: on }));
  const pqc = toggle("PQC fallback", "Runs without post-quantum cryptography", (on) => set({ pqc_fallback: on }));
  const well = el("button", { type: "button", class: "wide-button", onclick: () => set(WELL) }, "All well again");

  return {
    node: el("section", {}, el("div", { class: "section-head" }, name, state), throughput, errors.node, latency.node, memory.node, down.node, pqc.node, well),
    draw({ service, measured, history }) {
      name.textContent = service.name;
      const bad = service.down || service.pqc_fallback || Object.entries(TARGETS).some(([key, target]) => service[key] >= target);
      state.textContent = service.down ? "down" : bad ? "broken" : "well";
      state.className = `pill ${service.down ? "down" : bad ? "broken" : "well"}`;
      well.disabled = !bad;
      throughput.textContent = measured.throughput_per_s ? `${Math.round(measured.throughput_per_s).toLocaleString("en")} requests a second` : "No requests are served";
      errors.draw(service, history, measured.error_ratio);
      latency.draw(service, history, service.down ? null : service.latency_p95_ms);
      memory.draw(service, history, service.down ? null : service.memory_bytes);
      slider.draw(service.error_ratio);
      down.draw(service.down);
      pqc.draw(service.pqc_fallback);
    },
  };
}

function figure(label, key, { top, limit, written, presets, set }) {
  const value = el("strong", { class: "figure-value" });
  const line = sparkline({ top, limit });
  const choice = segments(label, presets, (chosen) => set({ [key]: chosen }), { named: false });
  return {
    node: el("div", { class: "figure" }, el("div", { class: "figure-head" }, el("span", {}, label), line.node, value), choice.node),
    draw(service, history, measured) {
      value.textContent = measured === null ? "–" : written(measured);
      value.classList.toggle("bad", measured !== null && measured >= TARGETS[key]);
      line.draw(history[key]);
      choice.choose(service[key]);
    },
  };
}

function errorSlider(set) {
  const input = el("input", { type: "range", min: "0", max: "30", step: "1", "aria-label": "Error rate in percent" });
  let held = false;
  input.addEventListener("input", () => {
    held = true;
    input.setAttribute("aria-valuetext", `${input.value} %`);
  });
  input.addEventListener("change", async () => {
    await set({ error_ratio: Number(input.value) / 100 });
    held = false;
  });
  return {
    node: input,
    draw(ratio) {
      if (held) return;
      input.value = String(Math.round(ratio * 100));
      input.setAttribute("aria-valuetext", `${input.value} %`);
    },
  };
}

function toggle(label, meaning, onChange) {
  const input = el("input", { type: "checkbox", role: "switch" });
  input.addEventListener("change", () => onChange(input.checked));
  return {
    node: el("label", { class: "toggle" }, el("span", {}, el("strong", {}, label), el("small", {}, meaning)), input),
    draw(on) {
      input.checked = on;
    },
  };
}
