// @ts-check
// Playing a figure: what each step of its bar shows, and which step a figure that arrives is shown at.
/** @import { Bar, Figure, Frame, Trace } from "./types.js" */

import { StepBar } from "./bar.js";
/** @import { Plot } from "./plot.js" */

export class Playback {
  #root;
  #plot;
  #queue;
  #onStep;
  /** @type {StepBar | null} */
  #bar = null;
  #at = 0;
  /** @type {Set<number | undefined>} steps sent to the page: coming back they are answers, late ones perhaps, and not requests */
  #sent = new Set();

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
   * Fit the bar to a figure that is about to be drawn, and put the figure's heads where they belong, so that they need no second pass.
   * @param {Figure} figure
   */
  prepare(figure) {
    const spec = figure.layout.meta?.bar;
    if (spec) this.#fit(spec);
    else this.#remove();
    if (spec?.kind !== "time") return;
    for (const { trace, of } of figure.layout.meta?.heads ?? [])
      Object.assign(figure.data[trace], pointOf(figure.data[of], this.#at));
  }

  /** The figure has been drawn. */
  resume() {
    this.#bar?.set(this.#at);
    if (this.#bar?.spec.kind === "sweep" && this.#at >= 0) this.#queue(() => this.#draw(this.#at));
  }

  stop() {
    this.#bar?.pause();
  }

  #remove() {
    this.#bar?.element.remove();
    this.#bar = null;
  }

  /**
   * The step is the one that a figure asks for or, where it asks as before, the one shown.
   * @param {Bar} spec
   */
  #fit(spec) {
    const before = this.#bar?.spec;
    this.#bar ??= new StepBar(
      this.#root,
      spec,
      (k) => this.#show(k),
      () => this.#rest(),
    );
    this.#bar.fit(spec);
    const asked = spec.at ?? spec.values.length - 1;
    const fresh = !before || before.values.length !== spec.values.length;
    const obey = fresh || (before.at !== spec.at && !this.#sent.has(spec.at));
    if (obey) this.#sent.clear();
    this.#at = Math.min(obey ? asked : this.#at, spec.values.length - 1);
  }

  #rest() {
    const value = this.#bar?.spec.values[this.#at];
    if (value === undefined) return;
    this.#sent.add(this.#at);
    this.#onStep(this.#at, typeof value === "number" ? Number(value.toPrecision(7)) : value);
  }

  /** @param {number} k */
  #show(k) {
    this.#at = k;
    this.#bar?.set(k);
    this.#queue(async () => {
      await this.#draw(k);
      this.#root.dispatchEvent(new CustomEvent("lrviz:stepped", { bubbles: true }));
    });
  }

  /** @param {number} k */
  async #draw(k) {
    const figure = this.#plot.figure;
    if (figure)
      await (this.#bar?.spec.kind === "sweep" ? this.#plot.show(figure.frames[k]) : this.#moveHeads(figure, k));
  }

  /**
   * @param {Figure} figure
   * @param {number} k
   */
  async #moveHeads({ data, layout }, k) {
    const heads = layout.meta?.heads ?? [];
    const flat = heads.filter((head) => !head.three);
    const points = flat.map((head) => pointOf(data[head.of], k));
    if (flat.length) await this.#plot.show({ data: points, traces: flat.map((head) => head.trace) });
    for (const head of heads.filter((head) => head.three)) {
      const point = Object.entries(pointOf(data[head.of], k)).map(([key, value]) => [key, [value]]);
      await window.Plotly.restyle(this.#plot.element, Object.fromEntries(point), [head.trace]);
    }
  }
}

/**
 * Point k of a path, or its last point where the path has ended (a run that diverged is NaN from there on).
 * @param {Trace} path
 * @param {number} k
 * @returns {Trace}
 */
function pointOf(path, k) {
  let i = Math.min(k, path.y.length - 1);
  while (i > 0 && !Number.isFinite(path.y[i])) i -= 1;
  const point = { x: [path.x[i]], y: [path.y[i]] };
  return path.z ? { ...point, z: [path.z[i]] } : point;
}
