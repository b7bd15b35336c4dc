// @ts-check
// One Plotly plot, kept from figure to figure, so that only what has changed is drawn again.
/** @import { Colours, Figure, Frame, Layout, PlotElement, Trace } from "./types.js" */

import { movePoints, redrawFast } from "./fast_redraw.js";
import { recolour } from "./figure.js";
import { writeHoverNumbers } from "./number.js";
import { ResponsiveLayout } from "./responsive.js";

const ANIMATE = { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: false } };
const CONFIG = {
  displaylogo: false,
  responsive: false,
  displayModeBar: false,
  scrollZoom: false,
  doubleClick: "reset",
};

export class Plot {
  /** @type {(Figure & { frames: Frame[] }) | null} the figure on screen, in the colours of the theme */
  figure = null;
  /** @type {{ data: Trace[], layout: Layout } | null} the same as handed to Plotly: fitted to the current width */
  #shown = null;
  #colours = "";
  #hoverPatched = false;
  /** @type {WeakMap<object, any>} */
  #recoloured = new WeakMap();
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
    await window.Plotly.react(this.element, data, structuredClone(layout), CONFIG); // Plotly writes into a layout
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
    if (layout || !movePoints(this.element, changes)) await this.#animate({ data, traces, ...(layout && { layout }) });
  }

  /**
   * Plotly.animate would remove every layer without a moving trace, such as contours: they lose the class it looks for meanwhile.
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
