// @ts-check
// Kaleido draws with Plotly.toImage. This replacement waits for the font, fits text as the stage does and puts the font into the
// picture.
/** @import { Draw, Layout, PlotElement } from "./types.js" */
import { fitLayout, overflow, widenMargins } from "./fit.js";
import { fontReady, renderPicture } from "./font.js";

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
    let fitted = { ...fitLayout(layout, width), width, height };
    await window.Plotly.newPlot(plot, data, structuredClone(fitted), { ...config, staticPlot: true });
    fitted = widenMargins(fitted, overflow(plot));
    const address = await renderPicture({ data, layout: fitted, config }, options, original);
    const text = address.slice(address.indexOf(",") + 1);
    return imageDataOnly ? (options.format === "svg" ? decodeURIComponent(text) : text) : address;
  } finally {
    window.Plotly.purge(plot);
    plot.remove();
  }
}
