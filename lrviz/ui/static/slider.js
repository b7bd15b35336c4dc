// @ts-check
// The live slider: a range input and a number box for every value of one Param, sending each value while it is dragged.
// A Param with several values (a list of numbers) gets a row each, and buttons to remove one and to add one.

const STEPS = 1000;

/**
 * @typedef {object} Spec what a Param allows and how it is shown
 * @property {string} label
 * @property {string} symbol
 * @property {string} help
 * @property {string} unit
 * @property {string} rule the values it allows, in words
 * @property {number} low
 * @property {number} high
 * @property {boolean} openLow
 * @property {boolean} openHigh
 * @property {[number, number]} slider the range of the slider
 * @property {boolean} log
 * @property {boolean} whole
 * @property {number | null} step
 * @property {boolean} list
 * @property {number} shortest the fewest values of a list
 * @property {number} longest
 * @property {number} extra the value that is added
 * @property {number[]} defaults
 * @property {string[]} colours
 */

/**
 * @typedef {object} Scale between values and positions of the range input
 * @property {number} min
 * @property {number} max
 * @property {number} step
 * @property {(value: number) => number} to
 * @property {(position: number) => number} from
 */

/** @typedef {{ element: HTMLElement, range: HTMLInputElement, number: HTMLInputElement, scale: Scale }} Row */

/**
 * @param {Spec} spec
 * @returns {Scale}
 */
function scaleOf(spec) {
  const [low, high] = spec.slider;
  if (!spec.log) {
    const fine = spec.step ?? (spec.whole ? 1 : (high - low) / STEPS);
    const digits = Math.max(0, Math.ceil(-Math.log10(fine) - 1e-9));
    return {
      min: low,
      max: high,
      step: fine,
      to: (value) => value,
      from: (position) => Number(position.toFixed(digits)),
    };
  }
  const ratio = Math.log(high / low);
  /** @param {number} position */
  const from = (position) => low * Math.exp((ratio * position) / STEPS);
  return {
    min: 0,
    max: STEPS,
    step: 1,
    to: (value) => (value > 0 ? Math.min(Math.max((STEPS * Math.log(value / low)) / ratio, 0), STEPS) : 0),
    from: (position) => (spec.whole ? Math.round(from(position)) : Number(from(position).toPrecision(3))),
  };
}

/** @param {number} value */
const shown = (value) =>
  value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6)
    ? value.toExponential().replace("e+", "e")
    : String(value);

/**
 * @param {string} text
 * @param {string} label
 * @param {() => void} act
 */
function button(text, label, act) {
  const element = Object.assign(document.createElement("button"), { type: "button", textContent: text, title: label });
  element.setAttribute("aria-label", label);
  element.addEventListener("click", act);
  return element;
}

/** @param {string} text */
function helpOf(text) {
  const element = Object.assign(document.createElement("span"), {
    className: "lrviz-help",
    tabIndex: 0,
    textContent: "?",
  });
  element.setAttribute("role", "note");
  element.setAttribute("aria-label", text);
  element.dataset.text = text;
  return element;
}

/** @param {string} colour */
function swatchOf(colour) {
  const swatch = document.createElement("i");
  swatch.style.background = colour;
  return swatch;
}

export class Slider {
  #box = document.createElement("div");
  #note = document.createElement("div");
  #send;
  /** @type {Spec} */
  #spec = /** @type {any} */ (null); // until the first update
  /** @type {number[]} */
  #values = [];
  /** @type {Row[]} */
  #rows = [];

  /**
   * @param {HTMLElement} root
   * @param {(values: number[]) => void} send
   */
  constructor(root, send) {
    this.#send = send;
    this.#box.className = "lrviz-slider";
    this.#note.className = "lrviz-note";
    this.#note.setAttribute("role", "alert");
    root.replaceChildren(this.#box);
  }

  /**
   * What the page has sent; while an edit is pending, its values are kept.
   * @param {Spec & { values: number[] }} next
   * @param {boolean} pending
   */
  update({ values, ...spec }, pending) {
    const before = JSON.stringify([this.#spec, this.#rows.length]);
    const first = this.#spec === null;
    this.#spec = spec;
    if (pending && !first) return;
    this.#values = values;
    if (before !== JSON.stringify([spec, values.length])) this.#build();
    this.#paint();
  }

  #build() {
    this.#rows = this.#values.map((_, i) => this.#row(i));
    this.#box.replaceChildren(this.#head(), ...this.#rows.map((row) => row.element), this.#note);
  }

  /** @param {number[]} values another number of them perhaps */
  #replace(values) {
    this.#values = values;
    this.#build();
    this.#paint();
    this.#send(values);
  }

  #head() {
    const { label, symbol, help, list, longest, extra, defaults } = this.#spec;
    const element = Object.assign(document.createElement("div"), { className: "lrviz-head" });
    const name = document.createElement("span");
    name.textContent = symbol ? `${label} ${symbol}` : label;
    name.title = help;
    element.append(name);
    if (help) element.append(helpOf(help));
    if (list && this.#values.length < longest)
      element.append(button("+", `Add a value to ${label}`, () => this.#replace([...this.#values, extra])));
    element.append(button("↺", `Reset ${label} to ${defaults.join(", ")}`, () => this.#replace([...defaults])));
    return element;
  }

  /**
   * @param {number} i
   * @returns {Row}
   */
  #row(i) {
    const { label: name, list, colours, shortest } = this.#spec;
    const label = list ? `${name} ${i + 1}` : name;
    const row = {
      element: Object.assign(document.createElement("div"), { className: "lrviz-row" }),
      range: Object.assign(document.createElement("input"), { type: "range" }),
      number: Object.assign(document.createElement("input"), { type: "text", inputMode: "decimal" }),
      scale: scaleOf(this.#spec),
    };
    for (const key of /** @type {const} */ (["min", "max", "step"])) row.range[key] = String(row.scale[key]);
    row.range.setAttribute("aria-label", label);
    row.number.setAttribute("aria-label", `${label}, exact value`);
    if (colours[i]) row.element.append(swatchOf(colours[i]));
    row.element.append(row.range, row.number);
    const others = () => this.#values.filter((_, j) => j !== i);
    if (list && this.#values.length > shortest)
      row.element.append(button("×", `Remove ${label}`, () => this.#replace(others())));
    row.range.addEventListener("input", () => this.#slide(i, row));
    row.number.addEventListener("change", () => this.#type(i, row));
    return row;
  }

  /**
   * The range input of row i has been moved. Where a step of a log slider is less than one whole number, rounding must not take it
   * back.
   * @param {number} i
   * @param {Row} row
   */
  #slide(i, { range, scale }) {
    const { log, whole, slider } = this.#spec;
    const position = Number(range.value);
    let value = scale.from(position);
    if (log && whole && value === this.#values[i]) {
      const next = value + Math.sign(position - scale.to(value));
      value = Math.min(Math.max(next, slider[0]), slider[1]);
    }
    if (log && whole) range.value = String(scale.to(value));
    this.#change(i, value, range);
  }

  /**
   * A number has been typed into row i.
   * @param {number} i
   * @param {Row} row
   */
  #type(i, { range, number }) {
    const text = number.value.trim().replace(",", ".");
    if (text !== "" && this.#legal(Number(text))) return this.#change(i, Number(text), range);
    this.#note.textContent = `${this.#spec.label} must be ${this.#spec.rule}, got ${number.value || "nothing"}`;
    number.value = shown(this.#values[i]);
  }

  /** @param {number} value */
  #legal(value) {
    const { low, high, openLow, openHigh, whole } = this.#spec;
    const inside = (openLow ? value > low : value >= low) && (openHigh ? value < high : value <= high);
    return Number.isFinite(value) && (!whole || Number.isInteger(value)) && inside;
  }

  /**
   * @param {number} i
   * @param {number} value
   * @param {HTMLInputElement} range
   */
  #change(i, value, range) {
    this.#values = this.#values.map((old, j) => (j === i ? value : old));
    this.#paint(range);
    this.#send(this.#values);
  }

  /** @param {HTMLInputElement | null} dragged a range input that stands where it is to stand */
  #paint(dragged = null) {
    for (const [i, { range, number, scale }] of this.#rows.entries()) {
      const [value, unit] = [this.#values[i], this.#spec.unit];
      if (range !== dragged) range.value = String(scale.to(value));
      if (document.activeElement !== number || dragged) number.value = shown(value);
      range.setAttribute("aria-valuetext", `${shown(value)}${unit ? ` ${unit}` : ""}`);
    }
    this.#note.textContent = "";
  }
}
