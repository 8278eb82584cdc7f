// A small line of the last minutes. The scale is given, so that a flat line looks flat; a gap is where nothing was measured.

const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 28;

export function sparkline({ top, limit }) {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("class", "sparkline");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const bound = svg.appendChild(document.createElementNS(SPACE, "line"));
  bound.setAttribute("class", "sparkline-limit");
  const line = svg.appendChild(document.createElementNS(SPACE, "path"));

  return {
    node: svg,
    draw(values) {
      const highest = Math.max(top, ...values.map((value) => value ?? 0)) * 1.1;
      const y = (value) => (HEIGHT - 1.5 - (value / highest) * (HEIGHT - 3)).toFixed(1);
      const x = (index) => ((index / (values.length - 1)) * WIDTH).toFixed(1);
      const steps = values.map((value, index) => (value === null ? "" : `${(values[index - 1] ?? null) === null ? "M" : "L"}${x(index)} ${y(value)}`));
      line.setAttribute("d", steps.join(""));
      for (const [name, at] of Object.entries({ x1: 0, x2: WIDTH, y1: y(limit), y2: y(limit) })) bound.setAttribute(name, String(at));
    },
  };
}
