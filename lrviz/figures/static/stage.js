// @ts-check
// The stage: a Plotly plot with its time bar or sweep bar.
//
// The app and the exported HTML file use this same module. It needs plotly.js (window.Plotly) and a figure, whose layout says in
// its `meta` what can be played and picked (Meta in types.d.ts).
/** @import { Colours, Figure, PlotElement, Point } from "./types.js" */

import { fontReady, renderPicture } from "./font.js";
import { watchPicking } from "./picking.js";
import { Playback } from "./playback.js";
import { Plot } from "./plot.js";
import { watchWidth } from "./responsive.js";

export { inflate, recolour } from "./figure.js";

/**
 * @typedef {object} Listeners
 * @property {(at: number, value: number | string) => void} [onStep] called where the bar has stopped
 * @property {(point: Point, last: boolean) => void} [onPick] called with each point picked; `last` when the pointer has been released
 */

/**
 * Put a stage into an element.
 * @param {HTMLElement} root
 * @param {Listeners} [listeners]
 */
export function mount(root, listeners = {}) {
  return new Stage(root, listeners);
}

class Stage {
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
  constructor(root, { onStep = () => {}, onPick = () => {} }) {
    this.#root = root;
    root.classList.add("lrviz-stage");
    /** @type {PlotElement} */
    this.plot = Object.assign(document.createElement("div"), /** @type {any} */ ({ className: "lrviz-plot" }));
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
    this.#last = this.#last
      .then(() => (this.#destroyed ? undefined : task()))
      .catch((error) => {
        if (!this.#destroyed) console.error("lrviz stage:", error);
      });
    return this.#last;
  }
}
