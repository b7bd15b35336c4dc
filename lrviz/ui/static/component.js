// @ts-check
// What our two components (app.js) and Streamlit hand each other.

/**
 * @typedef {object} Component what Streamlit calls a component with, each time the page's script has run
 * @property {HTMLElement & { lrviz?: any }} parentElement where it draws; `lrviz` is what an earlier call has left there
 * @property {Uint8Array} data
 * @property {(name: string, value: unknown) => void} setStateValue
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/**
 * @typedef {Record<string, string>} Entries keys and texts of a link
 */

/** Where this release's files are. */
export const HOME = new URL(".", import.meta.url);

/**
 * @param {Component} component
 * @returns {any} what the server has sent
 */
export const unpacked = ({ data }) => JSON.parse(new TextDecoder().decode(data));

/**
 * Streamlit has a component clean up when it leaves the page, but also after a call that was not done when the next one came.
 * @param {HTMLElement} root
 */
export const stillMounted = (root) => root.isConnected;

/**
 * @param {HTMLElement} element
 * @returns {"light" | "dark"} the page's theme
 */
export function theme(element) {
  const colour = getComputedStyle(element).getPropertyValue("--st-background-color").trim();
  const [r, g, b] = rgb(colour);
  return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? "dark" : "light";
}

/** @param {string} colour as CSS may write it */
function rgb(colour) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  context.fillStyle = colour || "#fff";
  const hex = String(context.fillStyle);
  return [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
}
