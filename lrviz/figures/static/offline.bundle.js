// bar.js fast_redraw.js figure.js fit.js font.js kaleido.js number.js offline.js picking.js playback.js plot.js responsive.js stage.js: fd2587c36387d583a311f7a4f17d4591c48e2de813a58dc966bd253ccd369644
"use strict";
var lrviz = (() => {
  var __defProp = Object.defineProperty;
  var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
  var __getOwnPropNames = Object.getOwnPropertyNames;
  var __hasOwnProp = Object.prototype.hasOwnProperty;
  var __export = (target, all) => {
    for (var name in all)
      __defProp(target, name, { get: all[name], enumerable: true });
  };
  var __copyProps = (to, from, except, desc) => {
    if (from && typeof from === "object" || typeof from === "function") {
      for (let key of __getOwnPropNames(from))
        if (!__hasOwnProp.call(to, key) && key !== except)
          __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
    }
    return to;
  };
  var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

  // lrviz/figures/static/offline.js
  var offline_exports = {};
  __export(offline_exports, {
    declareFont: () => declareFont,
    inflate: () => inflate,
    mount: () => mount,
    replaceToImage: () => replaceToImage
  });

  // lrviz/figures/static/figure.js
  function recolour(node, colours) {
    const visit = (node2) => {
      if (typeof node2 === "string") return node2.replace(/#[0-9a-f]{6}/g, (colour) => colours[colour] ?? colour);
      if (Array.isArray(node2)) return node2.map(visit);
      if (node2 === null || typeof node2 !== "object" || ArrayBuffer.isView(node2)) return node2;
      return Object.fromEntries(Object.entries(node2).map(([key, child]) => [key, visit(child)]));
    };
    return visit(node);
  }
  var TYPES = {
    f4: Float32Array,
    f8: Float64Array,
    i1: Int8Array,
    u1: Uint8Array,
    i2: Int16Array,
    u2: Uint16Array,
    i4: Int32Array,
    u4: Uint32Array
  };
  function inflate(node) {
    if (Array.isArray(node)) return node.map(inflate);
    if (node === null || typeof node !== "object" || ArrayBuffer.isView(node)) return node;
    if (typeof node.bdata !== "string")
      return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, inflate(child)]));
    const flat = new TYPES[
      /** @type {keyof typeof TYPES} */
      node.dtype
    ](decoded(node.bdata).buffer);
    if (node.shape === void 0) return flat;
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

  // lrviz/figures/static/font.js
  var FAMILY = "lrviz Sans";
  var files = {};
  function declareFont(addresses) {
    files = addresses;
    for (const [weight, address] of Object.entries(files)) {
      document.fonts.add(new FontFace(FAMILY, `url("${address}")`, { weight }));
    }
  }
  async function fontReady() {
    await Promise.allSettled(Object.keys(files).map((weight) => document.fonts.load(`${weight} 16px "${FAMILY}"`)));
  }
  async function toDataUrl(source) {
    const address = String(source);
    if (address.startsWith("data:")) return address;
    const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return `data:font/woff2;base64,${btoa(text)}`;
  }
  async function renderPicture(figure, { format, ...options }, draw2 = window.Plotly.toImage) {
    const drawn = await draw2(figure, { ...options, format: "svg" });
    const svg = await withFont(decodeURIComponent(drawn.slice(drawn.indexOf(",") + 1)));
    return format === "svg" ? `data:image/svg+xml,${encodeURIComponent(svg)}` : rasterised(svg);
  }
  async function withFont(svg) {
    const used = Object.entries(files).filter(
      ([weight]) => Number(weight) < 600 || /font-weight: ?(bold|[6-9]00)/.test(svg)
    );
    const rules = used.map(
      async ([weight, address]) => `@font-face{font-family:"${FAMILY}";font-weight:${weight};src:url(${await toDataUrl(address)})}`
    );
    const style = `<style>${(await Promise.all(rules)).join("")}</style>`;
    return svg.replace(/<svg[^>]*>/, (tag) => tag + style);
  }
  async function rasterised(svg) {
    const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml;charset=utf-8" }));
    try {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
      canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL("image/png");
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  // lrviz/figures/static/fit.js
  var NARROW = 640;
  var SMALL = 12.5;
  var TITLE = 1.12;
  var KEY_GAP = "    ";
  var LINE = 1.3;
  var CAPITAL = 0.7;
  var context = (
    /** @type {CanvasRenderingContext2D} */
    document.createElement("canvas").getContext("2d")
  );
  function textWidth(text, size, family) {
    let [width, bold, scale] = [0, 0, 1];
    for (const part of text.split(/(<[^>]*>)/)) {
      const [, end, tag] = /^<(\/?)(\w+)/.exec(part) ?? [];
      if (tag === "b") bold += end ? -1 : 1;
      else if (tag === "sub" || tag === "sup") scale = end ? 1 : 0.7;
      if (part.startsWith("<")) continue;
      context.font = `${bold > 0 ? 700 : 400} ${size * scale}px ${family}`;
      width += context.measureText(part.replace(/&(lt|gt|amp);/g, "x").replace(/\u200b/g, "")).width;
    }
    return width;
  }
  function wrap(text, gap, maxWidth, measure) {
    if (text.split("<br>").every((line) => measure(line) <= maxWidth)) return text;
    const out = [""];
    for (const part of text.replaceAll("<br>", gap).split(gap === " " ? / (?![^<]*>)/ : gap)) {
      const line = out[out.length - 1];
      const longer = line ? line + gap + part : part;
      if (line && measure(longer) > maxWidth) out.push(part);
      else out[out.length - 1] = longer;
    }
    return out.map((line) => gap === " " ? line : wrap(line, " ", maxWidth, measure)).join("<br>");
  }
  var lineCount = (texts) => Math.max(0, ...texts.map((text) => text.split("<br>").length));
  function titlePad({ pad, text, font } = {}, title, size) {
    const single = (pad?.t ?? 0) - (text?.includes("<br>") ? CAPITAL * (font?.size ?? size) : 0);
    return title.includes("<br>") ? { ...pad, t: single + CAPITAL * size } : pad;
  }
  function fitLayout(layout, width) {
    if (!width) return layout;
    const narrow = width < NARROW;
    const notes = layout.annotations ?? [];
    const [family, size] = [layout.font?.family ?? "sans-serif", narrow ? SMALL : layout.font?.size ?? 12];
    const titleSize = narrow ? SMALL * TITLE : layout.title?.font?.size ?? size;
    const margin = { ...layout.margin, ...narrow && { l: Math.min(layout.margin?.l ?? 60, 58), r: 10 } };
    const maxWidth = width - (margin.l ?? 80) - 6;
    const title = wrap(layout.title?.text ?? "", " ", maxWidth, (text) => textWidth(text, titleSize, family));
    const given = notes.filter((note) => note.name === "key").map((note) => note.text);
    const keys = given.map((text) => wrap(text, KEY_GAP, maxWidth, (line) => textWidth(line, size, family)));
    const more = [lineCount([title]) - lineCount([layout.title?.text ?? ""]), lineCount(keys) - lineCount(given)];
    if (!narrow && !more[0] && !more[1]) return layout;
    const height = LINE * (titleSize * lineCount([title]) + size * lineCount(keys));
    margin.t = narrow ? Math.max(14 + height, keys.length ? 0 : layout.margin?.t ?? 40) : (layout.margin?.t ?? 40) + LINE * (titleSize * more[0] + size * more[1]);
    return {
      ...layout,
      ...narrow && layout.meta?.narrow,
      font: { ...layout.font, size },
      title: {
        ...layout.title,
        text: title,
        font: { ...layout.title?.font, size: titleSize },
        pad: titlePad(layout.title, title, titleSize)
      },
      annotations: notes.map((note) => note.name === "key" ? { ...note, text: keys.shift() ?? "" } : note),
      margin
    };
  }
  function overflow(plot) {
    const frame = plot.getBoundingClientRect();
    const pixels = { l: 0, r: 0, b: 0 };
    for (const box of boxesOf(plot, "[class$=tick] > text")) {
      extend(pixels, "l", frame.left - box.left);
      extend(pixels, "r", box.right - frame.right);
      extend(pixels, "b", box.bottom - blank(box) - frame.bottom);
    }
    for (const text of plot.querySelectorAll("text[class^=y][class$=title], text[class^=x][class$=title]")) {
      const title = text.getBoundingClientRect();
      const ticks = boxesOf(plot, `.${text.getAttribute("class")?.replace("title", "tick")} > text`);
      if (!title.width || !ticks.length) continue;
      if (text.classList[0].startsWith("x")) {
        const bottom = Math.max(...ticks.map((box) => box.bottom)) - blank(ticks[0]);
        if (frame.bottom - title.bottom < 1) extend(pixels, "b", bottom - title.top - blank(title));
      } else if (title.left - frame.left < 1)
        extend(pixels, "l", title.right - Math.min(...ticks.map((box) => box.left)));
      else if (frame.right - title.right < 1)
        extend(pixels, "r", Math.max(...ticks.map((box) => box.right)) - title.left);
    }
    return pixels;
  }
  var boxesOf = (plot, selector) => [...plot.querySelectorAll(selector)].map((text) => text.getBoundingClientRect()).filter((box) => box.width);
  function extend(pixels, side, by) {
    if (by > 1) pixels[side] = Math.max(pixels[side], Math.ceil(by));
  }
  var blank = (box) => 0.18 * box.height;
  function widenMargins(layout, pixels) {
    const sides = Object.entries(pixels).filter(([, by]) => by);
    if (!sides.length) return layout;
    const wider = sides.map(([side, by]) => [side, (layout.margin?.[side] ?? 80) + by]);
    return { ...layout, margin: { ...layout.margin, ...Object.fromEntries(wider) } };
  }

  // lrviz/figures/static/kaleido.js
  function replaceToImage() {
    const original = window.Plotly.toImage;
    window.Plotly.toImage = (figure, options) => toImage(original, figure, options);
  }
  async function toImage(original, { data, layout, config }, { imageDataOnly, ...options }) {
    await fontReady();
    const { width, height } = options;
    const plot = (
      /** @type {PlotElement} */
      document.createElement("div")
    );
    plot.style.cssText = `position: absolute; left: -9999px; width: ${width}px; height: ${height}px`;
    document.body.append(plot);
    try {
      let fitted = { ...fitLayout(layout, width), width, height };
      await window.Plotly.newPlot(plot, data, structuredClone(fitted), { ...config, staticPlot: true });
      fitted = widenMargins(fitted, overflow(plot));
      const address = await renderPicture({ data, layout: fitted, config }, options, original);
      const text = address.slice(address.indexOf(",") + 1);
      return imageDataOnly ? options.format === "svg" ? decodeURIComponent(text) : text : address;
    } finally {
      window.Plotly.purge(plot);
      plot.remove();
    }
  }

  // lrviz/figures/static/picking.js
  var ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  function watchPicking(plot, current, onPick) {
    plot.addEventListener(
      "pointerdown",
      (down) => {
        const pick = current();
        const start = pick && coordinates(plot, down, pick);
        if (!start || down.button !== 0 || down.shiftKey) return;
        down.preventDefault();
        down.stopPropagation();
        followPointer(plot, down.pointerId, pick, onPick);
        onPick(start, false);
      },
      true
    );
    plot.addEventListener("keydown", (event) => {
      const pick = current();
      const direction = ARROWS[event.key];
      if (!pick?.at || !direction) return;
      event.preventDefault();
      const size = event.shiftKey ? 5 : 1;
      const [dx, dy] = pick.by ?? axes(plot, pick).map(({ range }) => (range[1] - range[0]) / 100);
      pick.at = [pick.at[0] + direction[0] * size * dx, pick.at[1] + direction[1] * size * dy];
      onPick({ x: pick.at[0], y: pick.at[1] }, true);
    });
  }
  function followPointer(plot, id, pick, onPick) {
    plot.setPointerCapture(id);
    const move = (event) => {
      const point = coordinates(plot, event, pick, true);
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
  }
  var axes = (plot, pick) => [plot._fullLayout[pick.xaxis], plot._fullLayout[pick.yaxis]];
  function coordinates(plot, event, pick, clamp = false) {
    const [xaxis, yaxis] = axes(plot, pick);
    const box = plot.getBoundingClientRect();
    const px = event.clientX - box.left - xaxis._offset;
    const py = event.clientY - box.top - yaxis._offset;
    const inside = px >= 0 && py >= 0 && px <= xaxis._length && py <= yaxis._length;
    if (!inside && !clamp) return null;
    const within = (value, length) => Math.min(Math.max(value, 0), length);
    return { x: xaxis.p2d(within(px, xaxis._length)), y: yaxis.p2d(within(py, yaxis._length)) };
  }

  // lrviz/figures/static/number.js
  var MINUS = "−";
  var RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  var SMALLEST = 1e-4;
  var LARGEST = 1e7;
  var signed = (text) => text.replace("-", MINUS);
  var trimmed = (text) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  var grouped = (text) => text.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",");
  function number(value, digits = 3) {
    if (value === 0) return "0";
    const rounded = value.toExponential(digits - 1);
    const [mantissa, exponent] = rounded.split("e");
    if (Math.abs(Number(rounded)) < SMALLEST || Math.round(Math.abs(value)) >= LARGEST) {
      const power = `10${exponent.replace("+", "").replace("-", "⁻").replace(/\d/g, (digit) => RAISED[Number(digit)])}`;
      const factor = trimmed(mantissa);
      return signed(factor === "1" ? power : factor === "-1" ? `-${power}` : `${factor} × ${power}`);
    }
    return signed(grouped(trimmed(value.toFixed(Math.max(digits - 1 - Number(exponent), 0)))));
  }
  function fixed(value, decimals) {
    const text = value.toFixed(decimals);
    return signed(grouped(Number(text) === 0 ? text.replace("-", "") : text));
  }
  function formatter(format) {
    const [, digits, kind] = /^\.(\d)([gf])$/.exec(format) ?? [];
    if (!kind) return (value) => Number.isInteger(value) && Math.abs(value) < 1e15 ? fixed(value, 0) : number(value, 4);
    const few = Number(digits);
    if (kind === "g") return (value) => number(value, Math.max(few, 1));
    return (value) => Math.abs(value) < LARGEST ? fixed(value, few) : number(value, Math.max(few, 1));
  }
  function writeHoverNumbers(element) {
    element.on("plotly_beforehover", () => {
      const locale = element._fullLayout?._d3locale;
      if (locale) locale.numberFormat = formatter;
    });
  }

  // lrviz/figures/static/bar.js
  var PLAY = "&#x25B6;&#xFE0E;";
  var PAUSE = "&#x275A;&#x275A;";
  var HTML = `
    <button type="button" data-do="back" title="One step back" aria-label="One step back">&#x25C0;&#xFE0E;</button>
    <button type="button" data-do="play" title="Play" aria-label="Play">${PLAY}</button>
    <button type="button" data-do="on" title="One step on" aria-label="One step on">${PLAY}&#x258F;</button>
    <input type="range" min="0" step="1" />
    <output></output>
    <select aria-label="Speed"><option value="0.25">&frac14;&times;</option><option value="0.5">&frac12;&times;</option>
      <option value="1" selected>1&times;</option><option value="2">2&times;</option><option value="4">4&times;</option></select>
    <label class="lrviz-loop"><input type="checkbox" /> loop</label>`;
  var StepBar = class {
    element = document.createElement("div");
    #onChange;
    #onRelease;
    /** the id of the next animation frame; 0 while nothing plays */
    #playing = 0;
    #step = 0;
    /**
     * @param {HTMLElement} root the bar's parent
     * @param {Bar} spec
     * @param {(k: number) => void} onChange is called with each step to show
     * @param {() => void} onRelease is called when the bar has stopped at a step
     */
    constructor(root, spec, onChange, onRelease) {
      this.spec = spec;
      this.#onChange = onChange;
      this.#onRelease = onRelease;
      this.element.className = "lrviz-bar";
      this.element.setAttribute("role", "group");
      this.element.innerHTML = HTML;
      root.append(this.element);
      this.range = /** @type {HTMLInputElement} */
      this.element.querySelector("input[type=range]");
      this.output = /** @type {HTMLOutputElement} */
      this.element.querySelector("output");
      this.speed = /** @type {HTMLSelectElement} */
      this.element.querySelector("select");
      this.loop = /** @type {HTMLInputElement} */
      this.element.querySelector("input[type=checkbox]");
      this.playButton = /** @type {HTMLButtonElement} */
      this.element.querySelector("[data-do=play]");
      this.#listen();
    }
    #listen() {
      this.element.addEventListener("click", (event) => {
        const button = (
          /** @type {Element} */
          event.target.closest("button")
        );
        const action = button?.dataset.do;
        if (action === "back") this.#move(-1);
        if (action === "on") this.#move(1);
        if (action === "play" && this.#playing) {
          this.pause();
          this.#onRelease();
        } else if (action === "play") this.#play();
      });
      this.range.addEventListener("input", () => {
        this.pause();
        this.#onChange(Number(this.range.value));
      });
      this.range.addEventListener("change", () => this.#onRelease());
    }
    /**
     * Set the bar to the values of a figure.
     * @param {Bar} spec
     */
    configure(spec) {
      this.spec = spec;
      this.range.max = String(this.#last());
      this.range.setAttribute("aria-label", spec.label);
      this.element.setAttribute("aria-label", spec.kind === "time" ? "Time bar" : `Sweep of ${spec.label}`);
    }
    /**
     * Display step k as the one shown; below 0, none.
     * @param {number} k
     */
    display(k) {
      const { label, values } = this.spec;
      this.#step = k;
      this.range.value = String(Math.max(k, 0));
      const value = values[k];
      const shown = typeof value === "number" ? number(value, 4) : value;
      const text = k < 0 ? `play: sweep ${label}` : `${label} ${shown}`;
      if (this.output.textContent !== text) this.output.textContent = text;
      this.range.setAttribute("aria-valuetext", text);
    }
    pause() {
      if (!this.#playing) return;
      cancelAnimationFrame(this.#playing);
      this.#playing = 0;
      this.#labelPlayButton("Play", PLAY);
    }
    #last() {
      return this.spec.values.length - 1;
    }
    /** @param {number} by */
    #move(by) {
      this.pause();
      this.#onChange(Math.min(Math.max(this.#step + by, 0), this.#last()));
      this.#onRelease();
    }
    #play() {
      if (this.#step >= this.#last()) this.#onChange(0);
      this.#labelPlayButton("Pause", PAUSE);
      let last = performance.now();
      let position = Math.max(this.#step, 0);
      const tick = (now) => {
        position += (now - last) / 1e3 * this.spec.rate * Number(this.speed.value);
        last = now;
        if (position >= this.#last() && this.loop.checked) position = 0;
        const k = Math.min(Math.floor(position), this.#last());
        if (k !== this.#step) this.#onChange(k);
        if (k >= this.#last()) {
          this.pause();
          this.#onRelease();
        } else this.#playing = requestAnimationFrame(tick);
      };
      this.#playing = requestAnimationFrame(tick);
    }
    /**
     * @param {string} name
     * @param {string} sign
     */
    #labelPlayButton(name, sign) {
      this.playButton.innerHTML = sign;
      this.playButton.title = name;
      this.playButton.ariaLabel = name;
    }
  };

  // lrviz/figures/static/playback.js
  var Playback = class {
    #root;
    #plot;
    #queue;
    #onStep;
    /** @type {StepBar | null} */
    #bar = null;
    #step = 0;
    /** @type {Set<number | undefined>} steps reported to the page: a figure that arrives with one of them echoes it, perhaps late, and does not ask for it */
    #sent = /* @__PURE__ */ new Set();
    /**
     * @param {HTMLElement} root the bar's parent
     * @param {Plot} plot
     * @param {(task: () => unknown) => Promise<unknown>} queue runs a task when the plot is free
     * @param {(at: number, value: number | string) => void} onStep
     */
    constructor(root, plot, queue, onStep) {
      this.#root = root;
      this.#plot = plot;
      this.#queue = queue;
      this.#onStep = onStep;
    }
    /**
     * Set the bar to a figure that is about to be drawn, and move the figure's heads to the current step, which saves a second drawing.
     * @param {Figure} figure
     */
    prepare(figure) {
      const spec = figure.layout.meta?.bar;
      if (spec) this.#configureBar(spec);
      else this.#removeBar();
      if (spec?.kind !== "time") return;
      for (const { trace, of } of figure.layout.meta?.heads ?? [])
        Object.assign(figure.data[trace], pointOf(figure.data[of], this.#step));
    }
    /** The figure has been drawn. */
    resume() {
      this.#bar?.display(this.#step);
      if (this.#bar?.spec.kind === "sweep" && this.#step >= 0) this.#queue(() => this.#drawStep(this.#step));
    }
    stop() {
      this.#bar?.pause();
    }
    #removeBar() {
      this.#bar?.element.remove();
      this.#bar = null;
    }
    /**
     * Go to the step that the figure asks for; where it asks for the same one as before, stay at the one shown.
     * @param {Bar} spec
     */
    #configureBar(spec) {
      const before = this.#bar?.spec;
      this.#bar ??= new StepBar(
        this.#root,
        spec,
        (k) => this.#show(k),
        () => this.#report()
      );
      this.#bar.configure(spec);
      const asked = spec.at ?? spec.values.length - 1;
      const fresh = !before || before.values.length !== spec.values.length;
      const jump = fresh || before.at !== spec.at && !this.#sent.has(spec.at);
      if (jump) this.#sent.clear();
      this.#step = Math.min(jump ? asked : this.#step, spec.values.length - 1);
    }
    #report() {
      const value = this.#bar?.spec.values[this.#step];
      if (value === void 0) return;
      this.#sent.add(this.#step);
      this.#onStep(this.#step, typeof value === "number" ? Number(value.toPrecision(7)) : value);
    }
    /** @param {number} k */
    #show(k) {
      this.#step = k;
      this.#bar?.display(k);
      this.#queue(async () => {
        await this.#drawStep(k);
        this.#root.dispatchEvent(new CustomEvent("lrviz:stepped", { bubbles: true }));
      });
    }
    /** @param {number} k */
    async #drawStep(k) {
      const figure = this.#plot.figure;
      if (figure)
        await (this.#bar?.spec.kind === "sweep" ? this.#plot.showFrame(figure.frames[k]) : this.#moveHeads(figure, k));
    }
    /**
     * @param {Figure} figure
     * @param {number} k
     */
    async #moveHeads({ data, layout }, k) {
      const heads = layout.meta?.heads ?? [];
      const flat = heads.filter((head) => !head.three);
      const points = flat.map((head) => pointOf(data[head.of], k));
      if (flat.length) await this.#plot.showFrame({ data: points, traces: flat.map((head) => head.trace) });
      for (const head of heads.filter((head2) => head2.three)) {
        const point = Object.entries(pointOf(data[head.of], k)).map(([key, value]) => [key, [value]]);
        await window.Plotly.restyle(this.#plot.element, Object.fromEntries(point), [head.trace]);
      }
    }
  };
  function pointOf(path, k) {
    let i = Math.min(k, path.y.length - 1);
    while (i > 0 && !Number.isFinite(path.y[i])) i -= 1;
    const point = { x: [path.x[i]], y: [path.y[i]] };
    return path.z ? { ...point, z: [path.z[i]] } : point;
  }

  // lrviz/figures/static/fast_redraw.js
  var POINTS = ["x", "y", "text", "customdata"];
  var isArray = (value) => Array.isArray(value) || ArrayBuffer.isView(value);
  function same(a, b) {
    if (a === b || Number.isNaN(a) && Number.isNaN(b)) return true;
    if (a === null || b === null || typeof a !== "object" || typeof b !== "object" || a.constructor !== b.constructor)
      return false;
    if (isArray(a)) {
      if (a.length !== b.length) return false;
      for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i] && !same(a[i], b[i])) return false;
      return true;
    }
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
  }
  function changedArrays(before, after) {
    if (before === after) return [];
    const keys = /* @__PURE__ */ new Set([...Object.keys(before), ...Object.keys(after)]);
    const changed = [...keys].filter((key) => !same(before[key], after[key]));
    return changed.every((key) => POINTS.includes(key)) ? changed : null;
  }
  function textChanges(plot, before, after) {
    const steps = [];
    for (const key of /* @__PURE__ */ new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (key === "meta" || same(before[key], after[key])) continue;
      const [old, now] = [before[key], after[key]];
      if (key === "title" && same({ ...old, text: "" }, { ...now, text: "" }))
        steps.push(titleChange(plot, old.text, now.text));
      else if (key === "annotations" && old?.length === now?.length) {
        for (const [i, note] of now.entries())
          if (!same(old[i], note)) steps.push(annotationChange(plot, i, old[i], note));
      } else return null;
    }
    return steps.every((step) => step !== null) ? steps : null;
  }
  function titleChange(plot, before, after) {
    const change = textNodeChange(plot.querySelector(".gtitle"), before, after);
    if (!change) return null;
    return () => {
      change();
      for (const layout of [plot.layout, plot._fullLayout]) layout.title.text = after;
    };
  }
  function annotationChange(plot, i, before, after) {
    const [full, given] = [plot._fullLayout.annotations[i], plot.layout.annotations?.[i]];
    const group = plot.querySelector(`.annotation[data-index="${i}"]`);
    const inner = group?.querySelector(".cursor-pointer");
    const text = group?.querySelector("text");
    const moved = { text: after.text, x: after.x, y: after.y };
    if (!inner || !text || full._input !== given || full.showarrow || !same({ ...before, ...moved }, { ...after, ...moved }))
      return null;
    const leftBound = full.xanchor === "left" && text.getAttribute("text-anchor") === "start";
    const rewrite = before.text === after.text ? () => {
    } : leftBound ? textNodeChange(text, before.text, after.text) : null;
    const [dx, dy] = ["x", "y"].map((side) => shiftOf(plot._fullLayout, full[`${side}ref`], before[side], after[side]));
    const place = inner.getAttribute("transform")?.match(/^translate\(([-\d.]+),\s*([-\d.]+)\)$/);
    if (!rewrite || !place || dx === null || dy === null) return null;
    return () => {
      rewrite();
      inner.setAttribute("transform", `translate(${Number(place[1]) + dx},${Number(place[2]) + dy})`);
      for (const note of [full, given]) Object.assign(note, moved);
    };
  }
  function shiftOf(layout, ref, before, after) {
    if (before === after) return 0;
    const axis = layout[`${ref[0]}axis${ref.slice(1)}`];
    const [from, to] = [before, after].map((value) => axis?.r2p(value));
    return to >= 0 && to <= axis._length ? to - from : null;
  }
  var TAGS = /<[^>]*>/g;
  function textNodeChange(element, before, after) {
    if (!element || (before + after).includes("&") || !same(before.match(TAGS), after.match(TAGS))) return null;
    const [old, now] = [before, after].map((text) => text.split(TAGS).filter((run) => run !== ""));
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const nodes = [];
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const text = (
        /** @type {Text} */
        node
      );
      if (text.data !== "") nodes.push(text);
    }
    const texts = nodes.map((node) => node.data);
    if (old.length !== now.length || !same(texts, old)) return null;
    return () => {
      for (const [i, node] of nodes.entries()) node.data = now[i];
      element.dataset.unformatted = after;
    };
  }
  function independent(plot, i) {
    const trace = plot._fullData?.[i];
    if (trace?.visible !== true) return true;
    const info = plot._fullLayout._plots?.[trace.xaxis + trace.yaxis];
    const { calc, plot: draw2 } = trace._module ?? {};
    const plain = trace.type === "scatter" && (trace.fill ?? "none") === "none" && calc && draw2;
    return plain && info && !info.xaxis.autorange && !info.yaxis.autorange && plot.calcdata[i]?.[0]?.node3;
  }
  function movePoints(plot, changes) {
    if (!plot._fullData || ![...changes.keys()].every((i) => independent(plot, i))) return false;
    for (const [i, arrays] of changes) {
      Object.assign(plot.data[i], arrays);
      const trace = Object.assign(plot._fullData[i], arrays);
      if (trace.visible === true) draw(plot, trace, i);
    }
    return true;
  }
  function draw(plot, trace, i) {
    trace._length = Math.min(trace.x.length, trace.y.length);
    delete trace._indexToPoints;
    let calc = trace._length ? trace._module.calc(plot, trace) : [];
    if (!calc[0]) calc = [{ x: void 0, y: void 0 }];
    calc[0].t ??= {};
    calc[0].trace = trace;
    const group = plot.calcdata[i][0].node3.node().parentNode;
    const info = plot._fullLayout._plots[trace.xaxis + trace.yaxis];
    const layer = info.plot.selectAll("g.mlayer").filter(
      /** @this {Element} */
      function() {
        return this === group;
      }
    );
    plot.calcdata[i] = calc;
    trace._module.plot(plot, info, [calc], layer, { duration: 0 });
  }
  function redrawFast(plot, before, after) {
    if (before?.data.length !== after.data.length) return false;
    const changes = /* @__PURE__ */ new Map();
    for (const [i, trace] of after.data.entries()) {
      const keys = changedArrays(before.data[i], trace);
      if (keys === null) return false;
      if (keys.length) changes.set(i, Object.fromEntries(keys.map((key) => [key, trace[key]])));
    }
    const words = textChanges(plot, before.layout, after.layout);
    if (words === null || !movePoints(plot, changes)) return false;
    for (const change of words) change();
    plot.layout.meta = plot._fullLayout.meta = after.layout.meta;
    return true;
  }

  // lrviz/figures/static/responsive.js
  var HEIGHT = 450;
  var ResponsiveLayout = class {
    #plot;
    #requested = "";
    /** @type {Margin | undefined} the figure's own, or wider ones that its axes turned out to need */
    #margin;
    /** @param {PlotElement} plot */
    constructor(plot) {
      this.#plot = plot;
    }
    /**
     * The layout for the current width. While neither its margins nor the width change, margins once widened stay so.
     * @param {Layout} layout
     * @returns {Layout}
     */
    fit(layout) {
      const width = this.#plot.clientWidth;
      const { margin, height = HEIGHT, ...rest } = fitLayout(layout, width);
      const requested = JSON.stringify([margin, width]);
      if (this.#requested !== requested) this.#margin = margin;
      this.#requested = requested;
      return { ...rest, width: width || void 0, height, margin: this.#margin };
    }
    /**
     * The same layout if what has just been drawn fits, otherwise one with wider margins.
     * @param {Layout} layout
     */
    grow(layout) {
      const wider = widenMargins(layout, overflow(this.#plot));
      this.#margin = wider.margin;
      return wider;
    }
  };
  function watchWidth(plot, onChange) {
    new ResizeObserver(() => {
      const width = plot.clientWidth;
      if (width && Math.abs(width - plot._fullLayout?.width) > 1) onChange();
    }).observe(plot);
  }

  // lrviz/figures/static/plot.js
  var ANIMATE = { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: false } };
  var CONFIG = {
    displaylogo: false,
    responsive: false,
    displayModeBar: false,
    scrollZoom: false,
    doubleClick: "reset"
  };
  var Plot = class {
    /** @type {(Figure & { frames: Frame[] }) | null} the figure on screen, in the colours of the theme */
    figure = null;
    /** @type {{ data: Trace[], layout: Layout } | null} the same as handed to Plotly: fitted to the current width */
    #shown = null;
    #colours = "";
    #hoverPatched = false;
    /** @type {WeakMap<object, any>} */
    #recoloured = /* @__PURE__ */ new WeakMap();
    #responsive;
    /** @param {PlotElement} element */
    constructor(element) {
      this.element = element;
      this.#responsive = new ResponsiveLayout(element);
    }
    /**
     * A figure with its colours replaced. Parts that stay as they are come as the same objects each time, and are recoloured once.
     * @param {Figure} figure
     * @param {Colours} colours
     */
    recoloured({ data, layout, frames = [] }, colours) {
      const name = JSON.stringify(colours);
      if (this.#colours !== name) this.#recoloured = /* @__PURE__ */ new WeakMap();
      this.#colours = name;
      const once = (part) => {
        if (!this.#recoloured.has(part)) this.#recoloured.set(part, recolour(part, colours));
        return this.#recoloured.get(part);
      };
      return { data: data.map(once), layout: recolour(layout, colours), frames: once(frames) };
    }
    /** @param {Figure & { frames: Frame[] }} figure */
    async draw(figure) {
      await this.#drawFitted(figure);
      this.figure = figure;
    }
    /** Draw the same figure for another width. */
    async redraw() {
      if (this.figure) await this.#drawFitted(this.figure);
    }
    /** @param {Figure} figure */
    async #drawFitted({ data, layout }) {
      const next = { data, layout: this.#responsive.fit(layout) };
      if (!redrawFast(this.element, this.#shown, next)) next.layout = await this.#react(data, next.layout);
      this.#shown = next;
    }
    /**
     * Draw, and again with wider margins where the numbers of an axis do not fit.
     * @param {Trace[]} data
     * @param {Layout} layout
     */
    async #react(data, layout) {
      await window.Plotly.react(this.element, data, structuredClone(layout), CONFIG);
      if (!this.#hoverPatched) writeHoverNumbers(this.element);
      this.#hoverPatched = true;
      const wider = this.#responsive.grow(layout);
      if (wider !== layout) await window.Plotly.react(this.element, data, structuredClone(wider), CONFIG);
      return wider;
    }
    /**
     * Show a frame: other points for its traces, and its layout, if it has one.
     * @param {Frame} frame
     */
    async showFrame({ data, traces, layout }) {
      const changes = new Map(traces.map((trace, i) => [trace, data[i]]));
      if (layout || !movePoints(this.element, changes)) await this.#animate({ data, traces, ...layout && { layout } });
    }
    /**
     * Plotly.animate would remove every layer without a moving trace, such as contours: they lose the class it looks for meanwhile.
     * @param {Frame} frame
     */
    async #animate(frame) {
      const moving = frame.traces.map((i) => `${this.element._fullData?.[i].type}layer`);
      const layers = [...this.element.querySelectorAll("g.mlayer")].filter(
        (layer) => !moving.some((name) => layer.classList.contains(name))
      );
      for (const layer of layers) layer.classList.remove("mlayer");
      try {
        await window.Plotly.animate(this.element, frame, ANIMATE);
      } finally {
        for (const layer of layers) layer.classList.add("mlayer");
      }
    }
  };

  // lrviz/figures/static/stage.js
  function mount(root, listeners = {}) {
    return new Stage(root, listeners);
  }
  var Stage = class {
    #root;
    #playback;
    #drawing;
    #destroyed = false;
    /** @type {Promise<unknown>} */
    #last = fontReady();
    /**
     * @param {HTMLElement} root
     * @param {Listeners} listeners
     */
    constructor(root, { onStep = () => {
    }, onPick = () => {
    } }) {
      this.#root = root;
      root.classList.add("lrviz-stage");
      this.plot = Object.assign(
        document.createElement("div"),
        /** @type {any} */
        { className: "lrviz-plot" }
      );
      this.plot.setAttribute("role", "img");
      root.replaceChildren(this.plot);
      this.#drawing = new Plot(this.plot);
      this.#playback = new Playback(root, this.#drawing, (task) => this.#queue(task), onStep);
      watchPicking(this.plot, () => this.#drawing.figure?.layout.meta?.pick, onPick);
      watchWidth(this.plot, () => this.#queue(() => this.#drawing.redraw()));
    }
    /**
     * Draw a figure in place of the one before, with these colours replaced.
     * @param {Figure} figure
     * @param {Colours} colours
     */
    update(figure, colours) {
      return this.#queue(async () => {
        const pick = figure.layout.meta?.pick;
        this.plot.tabIndex = pick ? 0 : -1;
        this.plot.style.touchAction = pick ? "none" : "";
        const next = this.#drawing.recoloured(figure, colours);
        this.plot.setAttribute("aria-label", next.layout.meta?.alt ?? "");
        this.#playback.prepare(next);
        await this.#drawing.draw(next);
        this.#playback.resume();
        this.#root.dataset.updates = String(Number(this.#root.dataset.updates ?? 0) + 1);
        this.#root.dispatchEvent(new CustomEvent("lrviz:drawn", { bubbles: true }));
      });
    }
    /**
     * What is on screen, as a picture in a `data:` URL.
     * @param {"svg" | "png"} format
     * @param {number} scale
     * @param {boolean} clear whether the background is transparent
     */
    picture(format, scale, clear) {
      const background = clear ? { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" } : {};
      const figure = { data: this.plot.data, layout: { ...this.plot.layout, ...background } };
      return renderPicture(figure, { format, scale, width: this.plot.clientWidth, height: this.plot.clientHeight });
    }
    destroy() {
      this.#destroyed = true;
      this.#playback.stop();
      window.Plotly?.purge(this.plot);
      this.#root.replaceChildren();
    }
    /**
     * Plotly draws one thing at a time.
     * @param {() => unknown} task
     */
    #queue(task) {
      this.#last = this.#last.then(() => this.#destroyed ? void 0 : task()).catch((error) => {
        if (!this.#destroyed) console.error("lrviz stage:", error);
      });
      return this.#last;
    }
  };
  return __toCommonJS(offline_exports);
})();
