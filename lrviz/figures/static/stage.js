// The stage: one living Plotly plot with its time bar or sweep bar.
//
// The app and the exported HTML file use this same module. It knows plotly.js (window.Plotly) and a figure:
//   figure.data, figure.layout, figure.frames                  a plain Plotly figure
//   figure.layout.meta.still                                   how many leading traces stay as they are
//   figure.layout.meta.bar   {kind, label, values, at, rate}   a time bar ("time") or sweep bar ("sweep")
//   figure.layout.meta.heads [{trace, of}]                     at step k, trace shows point k of trace `of`
//   figure.layout.meta.pick  {xaxis, yaxis, at, by}            the axes in which a point can be picked, the point as it
//                                                              stands, and how far an arrow key takes it
//   figure.layout.meta.narrow                                  layout that replaces its like on a narrow screen
//   figure.layout.meta.alt                                     the text alternative
// `colours` maps the colours a figure is written in (the light theme) to those of the theme in force.

import { fitted, shortfall, widened } from "./fit.js";
import { fontReady, picture } from "./font.js";
import { points, swiftly } from "./swift.js";

const ANIMATE = { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: false } };
const CONFIG = {
  displaylogo: false,
  responsive: false,
  displayModeBar: false,
  scrollZoom: false,
  doubleClick: "reset",
};

export function recolour(node, colours) {
  if (typeof node === "string") return node.replace(/#[0-9a-f]{6}/g, (colour) => colours[colour] ?? colour);
  if (Array.isArray(node)) return node.map((child) => recolour(child, colours));
  if (node === null || typeof node !== "object" || ArrayBuffer.isView(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, recolour(child, colours)]));
}

// Numbers travel as base64 typed arrays; they are unpacked once, so that they can be read here and are not copied again.
const TYPES = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
};

export function inflate(node) {
  if (Array.isArray(node)) return node.map(inflate);
  if (node === null || typeof node !== "object" || ArrayBuffer.isView(node)) return node;
  if (typeof node.bdata !== "string")
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, inflate(child)]));
  const flat = new TYPES[node.dtype](decoded(node.bdata).buffer);
  if (node.shape === undefined) return flat;
  const [rows, columns] = String(node.shape).split(",").map(Number);
  return Array.from({ length: rows }, (_, r) => flat.subarray(r * columns, (r + 1) * columns));
}

function decoded(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function mount(root, { onStep = () => {}, onPick = () => {} } = {}) {
  root.classList.add("lrviz-stage");
  const plot = document.createElement("div");
  plot.className = "lrviz-plot";
  plot.setAttribute("role", "img");
  root.replaceChildren(plot);
  let drawn = null; // the figure on screen, recoloured
  let shown = null; // the same as handed to Plotly: fitted to the width there is
  let palette = null;
  let painted = new WeakMap();
  let bar = null;
  let at = 0;
  const told = new Set(); // steps sent to the page: when they come back they are answers, late ones perhaps, and not wishes
  let room = {}; // the margins that a layout asked for, and what its axes needed
  let busy = fontReady();
  let gone = false;

  const queue = (task) => (busy = busy.then(() => (gone ? undefined : task())).catch(report));
  const report = (error) => {
    if (!gone) console.error("lrviz stage:", error);
  };

  async function update(figure, colours) {
    const next = {
      data: figure.data.map((trace) => coloured(trace, colours)),
      layout: recolour(figure.layout, colours),
      frames: coloured(figure.frames ?? [], colours),
    };
    plot.setAttribute("aria-label", next.layout.meta?.alt ?? "");
    fitBar(next);
    if (bar?.spec.kind === "time") putHeads(next, at);
    await redraw(next);
    drawn = next;
    bar?.set(at);
    if (bar?.spec.kind === "sweep" && at >= 0) queue(() => frame(at));
    root.dataset.updates = Number(root.dataset.updates ?? 0) + 1;
    root.dispatchEvent(new CustomEvent("lrviz:drawn", { bubbles: true }));
  }

  // One element for good: Plotly.react draws what has changed; arrays of the still part are the same objects as before.
  async function redraw(next) {
    const layout = { ...fitted(next.layout, plot.clientWidth), width: plot.clientWidth || undefined };
    layout.height ??= 450;
    const asked = JSON.stringify([layout.margin, layout.width]);
    if (room.asked !== asked) room = { asked, margin: layout.margin };
    const whole = { data: next.data, layout: { ...layout, margin: room.margin } };
    if (!swiftly(plot, shown, whole)) whole.layout = await anew(next.data, whole.layout);
    shown = whole;
    if (!plot.dataset.wired) wire();
  }

  // Draw, and once more where the numbers of an axis do not fit into its margin.
  async function anew(data, layout) {
    await window.Plotly.react(plot, data, structuredClone(layout), CONFIG); // Plotly writes into a layout
    const wider = widened(layout, shortfall(plot));
    if (wider === layout) return layout;
    room.margin = wider.margin;
    await window.Plotly.react(plot, data, structuredClone(wider), CONFIG);
    return wider;
  }

  // Still parts come again and again as the same objects: each is recoloured once.
  function coloured(part, colours) {
    if (palette !== JSON.stringify(colours)) {
      palette = JSON.stringify(colours);
      painted = new WeakMap();
    }
    if (!painted.has(part)) painted.set(part, recolour(part, colours));
    return painted.get(part);
  }

  // Plotly.animate takes away every layer in which nothing moves, contours first of all; those are hidden from it meanwhile.
  async function animate(change) {
    const moving = new Set(change.traces.map((i) => `${plot._fullData[i].type}layer`));
    const layers = [...plot.querySelectorAll("g.mlayer")].filter(
      (g) => ![...moving].some((name) => g.classList.contains(name)),
    );
    for (const layer of layers) layer.classList.remove("mlayer");
    try {
      await window.Plotly.animate(plot, change, ANIMATE);
    } finally {
      for (const layer of layers) layer.classList.add("mlayer");
    }
  }

  // ---- the bar -----------------------------------------------------------------------------------------

  // The bar of the figure that is about to be drawn, at the step it asks for or, where it asks as before, at the one shown.
  function fitBar(figure) {
    const spec = figure.layout.meta?.bar;
    if (!spec) {
      bar?.element.remove();
      bar = null;
      return;
    }
    if (!bar) bar = makeBar(root, { go: show, rest });
    const asked = spec.at ?? spec.values.length - 1;
    const before = bar.spec;
    bar.spec = spec;
    bar.fit(spec);
    const fresh = !before || before.values.length !== spec.values.length;
    const wish = fresh || (before.at !== spec.at && !told.has(spec.at));
    if (wish) told.clear();
    at = Math.min(wish ? asked : at, spec.values.length - 1);
  }

  function rest() {
    told.add(at);
    const value = bar.spec.values[at];
    onStep(at, typeof value === "number" ? Number(value.toPrecision(7)) : value);
  }

  function show(k) {
    at = k;
    bar.set(k);
    return queue(async () => {
      await (bar.spec.kind === "sweep" ? frame(k) : heads(k));
      root.dispatchEvent(new CustomEvent("lrviz:stepped", { bubbles: true }));
    });
  }

  async function frame(k) {
    const { data, traces, layout } = drawn.frames[k];
    if (layout || !points(plot, new Map(traces.map((trace, i) => [trace, data[i]])))) await animate(drawn.frames[k]);
  }

  async function heads(k) {
    const list = drawn.layout.meta.heads ?? [];
    const flat = list.filter((head) => !head.three);
    const data = flat.map((head) => place(drawn.data[head.of], k));
    const traces = flat.map((h) => h.trace);
    if (flat.length && !points(plot, new Map(traces.map((trace, i) => [trace, data[i]]))))
      await animate({ data, traces });
    for (const head of list.filter((h) => h.three)) {
      const point = place(drawn.data[head.of], k);
      await window.Plotly.restyle(plot, Object.fromEntries(Object.entries(point).map(([key, v]) => [key, [v]])), [
        head.trace,
      ]);
    }
  }

  // A figure that has not been drawn yet gets its heads where they belong, so that they need no second pass.
  function putHeads(figure, k) {
    for (const head of figure.layout.meta.heads ?? [])
      Object.assign(figure.data[head.trace], place(figure.data[head.of], k));
  }

  // Point k of a path, or its last point where the path has ended (a run that diverged is NaN from there on).
  function place(path, k) {
    let i = Math.min(k, path.y.length - 1);
    while (i > 0 && !Number.isFinite(path.y[i])) i -= 1;
    const point = { x: [path.x[i]], y: [path.y[i]] };
    if (path.z) point.z = [path.z[i]];
    return point;
  }

  // ---- picking -----------------------------------------------------------------------------------------

  function wire() {
    plot.dataset.wired = "1";
    plot.addEventListener(
      "pointerdown",
      (down) => {
        const pick = drawn?.layout.meta?.pick;
        const start = pick && coordinates(down, pick);
        if (!start || down.button !== 0 || down.shiftKey) return;
        down.preventDefault();
        down.stopPropagation();
        plot.setPointerCapture(down.pointerId);
        const move = (event) => {
          const point = coordinates(event, pick, true);
          if (point) onPick(point, event.type === "pointerup");
        };
        const stop = (event) => {
          plot.removeEventListener("pointermove", move);
          plot.removeEventListener("pointerup", stop);
          plot.removeEventListener("pointercancel", stop);
          if (event.type === "pointerup") move(event);
        };
        plot.addEventListener("pointermove", move);
        plot.addEventListener("pointerup", stop);
        plot.addEventListener("pointercancel", stop);
        onPick(start, false);
      },
      true,
    );
    plot.addEventListener("keydown", (event) => {
      const pick = drawn?.layout.meta?.pick;
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!pick?.at || !way) return;
      event.preventDefault();
      const [xaxis, yaxis] = axes(pick);
      const size = event.shiftKey ? 5 : 1;
      const step = pick.by ?? [xaxis, yaxis].map((axis) => (axis.range[1] - axis.range[0]) / 100);
      const point = { x: pick.at[0] + way[0] * size * step[0], y: pick.at[1] + way[1] * size * step[1] };
      pick.at = [point.x, point.y];
      onPick(point, true);
    });
    new ResizeObserver(() => {
      const width = plot.clientWidth;
      if (!gone && width && Math.abs(width - plot._fullLayout?.width) > 1) queue(() => redraw(drawn));
    }).observe(plot);
  }

  const axes = (pick) => [plot._fullLayout[pick.xaxis], plot._fullLayout[pick.yaxis]];

  // Data coordinates under the pointer; `_offset` and `_length` are where Plotly has put the axes, in pixels.
  function coordinates(event, pick, beyond = false) {
    const [xaxis, yaxis] = axes(pick);
    const box = plot.getBoundingClientRect();
    const px = event.clientX - box.left - xaxis._offset;
    const py = event.clientY - box.top - yaxis._offset;
    const inside = px >= 0 && py >= 0 && px <= xaxis._length && py <= yaxis._length;
    if (!inside && !beyond) return null;
    const clip = (value, length) => Math.min(Math.max(value, 0), length);
    return { x: xaxis.p2d(clip(px, xaxis._length)), y: yaxis.p2d(clip(py, yaxis._length)) };
  }

  return {
    plot,
    update: (figure, colours) =>
      queue(() => {
        plot.tabIndex = figure.layout.meta?.pick ? 0 : -1;
        plot.style.touchAction = figure.layout.meta?.pick ? "none" : "";
        return update(figure, colours);
      }),
    picture(format, scale, clear) {
      const ground = clear ? { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" } : {};
      const figure = { data: plot.data, layout: { ...plot.layout, ...ground } };
      return picture(figure, { format, scale, width: plot.clientWidth, height: plot.clientHeight });
    },
    destroy() {
      gone = true;
      bar?.stop();
      window.Plotly?.purge(plot);
      root.replaceChildren();
    },
  };
}

// A row of real buttons and a real range input: play, one step back and on, scrub, speed, loop.
function makeBar(root, { go, rest }) {
  const element = document.createElement("div");
  element.className = "lrviz-bar";
  element.setAttribute("role", "group");
  element.innerHTML = `
    <button type="button" data-do="back" title="One step back" aria-label="One step back">&#x25C0;&#xFE0E;</button>
    <button type="button" data-do="play" title="Play" aria-label="Play">&#x25B6;&#xFE0E;</button>
    <button type="button" data-do="on" title="One step on" aria-label="One step on">&#x25B6;&#xFE0E;&#x258F;</button>
    <input type="range" min="0" step="1" />
    <output></output>
    <select aria-label="Speed"><option value="0.25">&frac14;&times;</option><option value="0.5">&frac12;&times;</option>
      <option value="1" selected>1&times;</option><option value="2">2&times;</option><option value="4">4&times;</option></select>
    <label class="lrviz-loop"><input type="checkbox" /> loop</label>`;
  const [range, output, select] = ["input[type=range]", "output", "select"].map((s) => element.querySelector(s));
  const button = Object.fromEntries([...element.querySelectorAll("button")].map((b) => [b.dataset.do, b]));
  const loop = element.querySelector(".lrviz-loop input");
  root.append(element);
  let playing = 0;
  let clock = 0;
  let self = null;
  let current = 0;

  const last = () => self.spec.values.length - 1;
  const step = (by) => {
    pause();
    go(Math.min(Math.max(current + by, 0), last()));
    rest();
  };
  function pause() {
    if (!playing) return;
    cancelAnimationFrame(playing);
    playing = 0;
    button.play.innerHTML = "&#x25B6;&#xFE0E;";
    button.play.title = button.play.ariaLabel = "Play";
  }
  function play() {
    if (current >= last()) go(0);
    button.play.innerHTML = "&#x275A;&#x275A;";
    button.play.title = button.play.ariaLabel = "Pause";
    clock = performance.now();
    let exact = Math.max(current, 0);
    const tick = (now) => {
      exact += ((now - clock) / 1000) * self.spec.rate * Number(select.value);
      clock = now;
      if (exact >= last() && loop.checked) exact = 0;
      const k = Math.min(Math.floor(exact), last());
      if (k !== current) go(k);
      if (k >= last()) {
        pause();
        rest();
      } else playing = requestAnimationFrame(tick);
    };
    playing = requestAnimationFrame(tick);
  }
  element.addEventListener("click", (event) => {
    const what = event.target.closest("button")?.dataset.do;
    if (what === "back") step(-1);
    if (what === "on") step(1);
    if (what === "play" && playing) {
      pause();
      rest();
    } else if (what === "play") play();
  });
  range.addEventListener("input", () => {
    pause();
    go(Number(range.value));
  });
  range.addEventListener("change", rest);

  self = {
    element,
    spec: null,
    stop: pause,
    fit(spec) {
      range.max = spec.values.length - 1;
      range.setAttribute("aria-label", spec.label);
      element.setAttribute("aria-label", spec.kind === "time" ? "Time bar" : `Sweep of ${spec.label}`);
    },
    set(k) {
      current = k;
      range.value = Math.max(k, 0);
      const value = k < 0 ? "" : self.spec.values[k];
      const text =
        k < 0
          ? `play: sweep ${self.spec.label}`
          : `${self.spec.label} ${typeof value === "number" ? Number(value.toPrecision(4)) : value}`;
      if (output.textContent !== text) output.textContent = text;
      range.setAttribute("aria-valuetext", text);
    },
  };
  return self;
}
