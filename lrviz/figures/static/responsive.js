// @ts-check
// A plot that fits its width: text broken into lines (fit.js), and margins as wide as the numbers of its axes need.
/** @import { Layout, Margin, PlotElement } from "./types.js" */

import { fitted, shortfall, widened } from "./fit.js";

const HEIGHT = 450; // of a figure that does not say

export class Fitting {
  #plot;
  #asked = "";
  /** @type {Margin | undefined} the margins that the figure asked for, or wider ones that its axes turned out to need */
  #margin;

  /** @param {PlotElement} plot */
  constructor(plot) {
    this.#plot = plot;
  }

  /**
   * A layout for the width there is. While neither its margins nor the width change, margins once widened stay so.
   * @param {Layout} layout
   * @returns {Layout}
   */
  layout(layout) {
    const width = this.#plot.clientWidth;
    const { margin, height = HEIGHT, ...rest } = fitted(layout, width);
    const asked = JSON.stringify([margin, width]);
    if (this.#asked !== asked) this.#margin = margin;
    this.#asked = asked;
    return { ...rest, width: width || undefined, height, margin: this.#margin };
  }

  /**
   * The same layout if what has just been drawn fits, otherwise one with wider margins.
   * @param {Layout} layout
   */
  widened(layout) {
    const wider = widened(layout, shortfall(this.#plot));
    this.#margin = wider.margin;
    return wider;
  }
}

/**
 * Call back when the plot has got another width than it was drawn for.
 * @param {PlotElement} plot
 * @param {() => void} onChange
 */
export function watchWidth(plot, onChange) {
  new ResizeObserver(() => {
    const width = plot.clientWidth;
    if (width && Math.abs(width - plot._fullLayout?.width) > 1) onChange();
  }).observe(plot);
}
