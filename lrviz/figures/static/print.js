// @ts-check
// Kaleido draws with Plotly.toImage: this one waits for the font, fits text as the stage does and puts the font into the
// picture.
/** @import { Draw, Layout, PlotElement } from "./types.js" */
import { fitted, shortfall, widened } from "./fit.js";
import { fontReady, picture } from "./font.js";

export function replaceToImage() {
  const original = window.Plotly.toImage;
  window.Plotly.toImage = (figure, options) => toImage(original, figure, options);
}

/**
 * @param {Draw} original
 * @param {{ data: any[], layout: any, config: object }} figure
 * @param {any} options
 */
async function toImage(original, { data, layout, config }, { imageDataOnly, ...options }) {
  await fontReady();
  const { width, height } = options;
  const plot = /** @type {PlotElement} */ (document.createElement("div"));
  plot.style.cssText = `position: absolute; left: -9999px; width: ${width}px; height: ${height}px`;
  document.body.append(plot);
  try {
    /** @type {Layout} */
    let room = { ...fitted(layout, width), width, height };
    await window.Plotly.newPlot(plot, data, structuredClone(room), { ...config, staticPlot: true });
    room = widened(room, shortfall(plot));
    const address = await picture({ data, layout: room, config }, options, original);
    const text = address.slice(address.indexOf(",") + 1);
    return imageDataOnly ? (options.format === "svg" ? decodeURIComponent(text) : text) : address;
  } finally {
    window.Plotly.purge(plot);
    plot.remove();
  }
}
