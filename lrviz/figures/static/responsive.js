// @ts-check
// A plot that follows its width: text broken into lines (fit.js), and margins as wide as the numbers of its axes need.
/** @import { Layout, Margin, PlotElement } from "./types.js" */

import { fitLayout, overflow, widenMargins } from "./fit.js";

const HEIGHT = 450; // of a figure that does not say

export class ResponsiveLayout {
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
    return { ...rest, width: width || undefined, height, margin: this.#margin };
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
}

/**
 * Call back when the plot's width is no longer the one it was drawn for.
 * @param {PlotElement} plot
 * @param {() => void} onChange
 */
export function watchWidth(plot, onChange) {
  new ResizeObserver(() => {
    const width = plot.clientWidth;
    if (width && Math.abs(width - plot._fullLayout?.width) > 1) onChange();
  }).observe(plot);
}
