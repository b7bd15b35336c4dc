// @ts-check
// One Plotly plot that lives on: each figure is drawn into the same element, so that only what has changed is drawn again.
/** @import { Colours, Figure, Frame, Layout, PlotElement, Trace } from "./types.js" */

import { movePoints, redrawFast } from "./fast_redraw.js";
import { recolour } from "./figure.js";
import { writeHoverNumbers } from "./number.js";
import { Fitting } from "./responsive.js";

const ANIMATE = { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: false } };
const CONFIG = {
  displaylogo: false,
  responsive: false,
  displayModeBar: false,
  scrollZoom: false,
  doubleClick: "reset",
};

export class Plot {
  /** @type {(Figure & { frames: Frame[] }) | null} the figure on screen, recoloured */
  figure = null;
  /** @type {{ data: Trace[], layout: Layout } | null} the same as handed to Plotly: fitted to the width there is */
  #shown = null;
  #colours = "";
  #heard = false;
  /** @type {WeakMap<object, any>} */
  #recoloured = new WeakMap();
  #fitting;

  /** @param {PlotElement} element */
  constructor(element) {
    this.element = element;
    this.#fitting = new Fitting(element);
  }

  /**
   * A figure in other colours. Still parts come again and again as the same objects: each is recoloured once.
   * @param {Figure} figure
   * @param {Colours} colours
   */
  recoloured({ data, layout, frames = [] }, colours) {
    const name = JSON.stringify(colours);
    if (this.#colours !== name) this.#recoloured = new WeakMap();
    this.#colours = name;
    /** @type {<T extends object>(part: T) => T} */
    const once = (part) => {
      if (!this.#recoloured.has(part)) this.#recoloured.set(part, recolour(part, colours));
      return this.#recoloured.get(part);
    };
    return { data: data.map(once), layout: recolour(layout, colours), frames: once(frames) };
  }

  /** @param {Figure & { frames: Frame[] }} figure */
  async draw(figure) {
    await this.#fitted(figure);
    this.figure = figure;
  }

  /** Draw the same figure for another width. */
  async redraw() {
    if (this.figure) await this.#fitted(this.figure);
  }

  /** @param {Figure} figure */
  async #fitted({ data, layout }) {
    const next = { data, layout: this.#fitting.layout(layout) };
    if (!redrawFast(this.element, this.#shown, next)) next.layout = await this.#react(data, next.layout);
    this.#shown = next;
  }

  /**
   * Draw, and once more where the numbers of an axis do not fit into its margin.
   * @param {Trace[]} data
   * @param {Layout} layout
   */
  async #react(data, layout) {
    await window.Plotly.react(this.element, data, structuredClone(layout), CONFIG); // Plotly writes into a layout
    if (!this.#heard) writeHoverNumbers(this.element);
    this.#heard = true;
    const wider = this.#fitting.widened(layout);
    if (wider !== layout) await window.Plotly.react(this.element, data, structuredClone(wider), CONFIG);
    return wider;
  }

  /**
   * Give traces other points, and the layout what a frame has for it.
   * @param {Frame} frame
   */
  async show({ data, traces, layout }) {
    const changes = new Map(traces.map((trace, i) => [trace, data[i]]));
    if (layout || !movePoints(this.element, changes)) await this.#animate({ data, traces, ...(layout && { layout }) });
  }

  /**
   * Plotly.animate takes away every layer in which nothing moves, contours first of all; those are hidden from it meanwhile.
   * @param {Frame} frame
   */
  async #animate(frame) {
    const moving = frame.traces.map((i) => `${this.element._fullData?.[i].type}layer`);
    const layers = [...this.element.querySelectorAll("g.mlayer")].filter(
      (layer) => !moving.some((name) => layer.classList.contains(name)),
    );
    for (const layer of layers) layer.classList.remove("mlayer");
    try {
      await window.Plotly.animate(this.element, frame, ANIMATE);
    } finally {
      for (const layer of layers) layer.classList.add("mlayer");
    }
  }
}
