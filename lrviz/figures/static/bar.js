// @ts-check
// The bar of a stage: a row of real buttons and a real range input: play, one step back and on, scrub, speed, loop.
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
  #go;
  #rest;
  /** the request for the next frame of the animation; 0 while nothing plays */
  #playing = 0;
  #current = 0;

  /**
   * @param {HTMLElement} root the bar's parent
   * @param {Bar} spec
   * @param {(k: number) => void} go shows step k
   * @param {() => void} rest is called when the bar has come to rest
   */
  constructor(root, spec, go, rest) {
    this.spec = spec;
    this.#go = go;
    this.#rest = rest;
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
      if (action === "back") this.#step(-1);
      if (action === "on") this.#step(1);
      if (action === "play" && this.#playing) {
        this.pause();
        this.#rest();
      } else if (action === "play") this.#play();
    });
    this.range.addEventListener("input", () => {
      this.pause();
      this.#go(Number(this.range.value));
    });
    this.range.addEventListener("change", () => this.#rest());
  }

  /**
   * Take over another figure's values.
   * @param {Bar} spec
   */
  fit(spec) {
    this.spec = spec;
    this.range.max = String(this.#last());
    this.range.setAttribute("aria-label", spec.label);
    this.element.setAttribute("aria-label", spec.kind === "time" ? "Time bar" : `Sweep of ${spec.label}`);
  }

  /**
   * Say that step k is shown; below 0, none.
   * @param {number} k
   */
  set(k) {
    const { label, values } = this.spec;
    this.#current = k;
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
    this.#label("Play", PLAY);
  }

  #last() {
    return this.spec.values.length - 1;
  }

  /** @param {number} by */
  #step(by) {
    this.pause();
    this.#go(Math.min(Math.max(this.#current + by, 0), this.#last()));
    this.#rest();
  }

  #play() {
    if (this.#current >= this.#last()) this.#go(0);
    this.#label("Pause", PAUSE);
    let clock = performance.now();
    let exact = Math.max(this.#current, 0);
    /** @param {number} now */
    const tick = (now) => {
      exact += ((now - clock) / 1000) * this.spec.rate * Number(this.speed.value);
      clock = now;
      if (exact >= this.#last() && this.loop.checked) exact = 0;
      const k = Math.min(Math.floor(exact), this.#last());
      if (k !== this.#current) this.#go(k);
      if (k >= this.#last()) {
        this.pause();
        this.#rest();
      } else this.#playing = requestAnimationFrame(tick);
    };
    this.#playing = requestAnimationFrame(tick);
  }

  /**
   * @param {string} name
   * @param {string} sign
   */
  #label(name, sign) {
    this.playButton.innerHTML = sign;
    this.playButton.title = name;
    this.playButton.ariaLabel = name;
  }
}
