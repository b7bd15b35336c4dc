// @ts-check
// Playing a figure: what each step of its bar shows, and at which step a new figure is shown.
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
  #step = 0;
  /** @type {Set<number | undefined>} steps reported to the page: a figure that arrives with one of them echoes it, perhaps late, and does not ask for it */
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
      () => this.#report(),
    );
    this.#bar.configure(spec);
    const asked = spec.at ?? spec.values.length - 1;
    const fresh = !before || before.values.length !== spec.values.length;
    const jump = fresh || (before.at !== spec.at && !this.#sent.has(spec.at));
    if (jump) this.#sent.clear();
    this.#step = Math.min(jump ? asked : this.#step, spec.values.length - 1);
  }

  #report() {
    const value = this.#bar?.spec.values[this.#step];
    if (value === undefined) return;
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
    for (const head of heads.filter((head) => head.three)) {
      const point = Object.entries(pointOf(data[head.of], k)).map(([key, value]) => [key, [value]]);
      await window.Plotly.restyle(this.#plot.element, Object.fromEntries(point), [head.trace]);
    }
  }
}

/**
 * Point k of a path, or its last finite point before (a run that diverged is NaN from there on).
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
