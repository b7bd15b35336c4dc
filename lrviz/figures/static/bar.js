// @ts-check
// The bar under a plot, made of native buttons and a native range input: play, one step back or on, drag, speed, loop.
/** @import { Bar } from "./types.js" */

import { number } from "./number.js";

const PLAY = "&#x25B6;&#xFE0E;";
const PAUSE = "&#x275A;&#x275A;";
const HTML = `
    <button type="button" data-do="back" title="One step back" aria-label="One step back">&#x25C0;&#xFE0E;</button>
    <button type="button" data-do="play" title="Play" aria-label="Play">${PLAY}</button>
    <button type="button" data-do="on" title="One step on" aria-label="One step on">${PLAY}&#x258F;</button>
    <input type="range" min="0" step="1" />
    <output></output>
    <select aria-label="Speed"><option value="0.25">&frac14;&times;</option><option value="0.5">&frac12;&times;</option>
      <option value="1" selected>1&times;</option><option value="2">2&times;</option><option value="4">4&times;</option></select>
    <label class="lrviz-loop"><input type="checkbox" /> loop</label>`;

export class StepBar {
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
    this.range = /** @type {HTMLInputElement} */ (this.element.querySelector("input[type=range]"));
    this.output = /** @type {HTMLOutputElement} */ (this.element.querySelector("output"));
    this.speed = /** @type {HTMLSelectElement} */ (this.element.querySelector("select"));
    this.loop = /** @type {HTMLInputElement} */ (this.element.querySelector("input[type=checkbox]"));
    this.playButton = /** @type {HTMLButtonElement} */ (this.element.querySelector("[data-do=play]"));
    this.#listen();
  }

  #listen() {
    this.element.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button");
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
    /** @param {number} now */
    const tick = (now) => {
      position += ((now - last) / 1000) * this.spec.rate * Number(this.speed.value);
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
}
