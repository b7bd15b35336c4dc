// @ts-check
// The font of every figure: declared to the page, awaited before anything is measured or drawn, and embedded in saved
// pictures.
/** @import { Draw } from "./types.js" */

const FAMILY = "lrviz Sans";
/** @type {Record<string, string | URL>} */
let files = {};

/** @param {Record<string, string | URL>} addresses of the font's files, by weight */
export function declareFont(addresses) {
  files = addresses;
  for (const [weight, address] of Object.entries(files)) {
    document.fonts.add(new FontFace(FAMILY, `url("${address}")`, { weight }));
  }
}

/** Resolves when the font has been loaded, or has failed to: then the next font of the list is measured and drawn. */
export async function fontReady() {
  await Promise.allSettled(Object.keys(files).map((weight) => document.fonts.load(`${weight} 16px "${FAMILY}"`)));
}

/** @param {string | URL} source */
async function toDataUrl(source) {
  const address = String(source);
  if (address.startsWith("data:")) return address;
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `data:font/woff2;base64,${btoa(text)}`;
}

/**
 * A figure as a picture in a `data:` URL; an SVG has the font embedded.
 * @param {object} figure
 * @param {{ format: string, [option: string]: any }} options Plotly.toImage's
 * @param {Draw} draw
 */
export async function renderPicture(figure, { format, ...options }, draw = window.Plotly.toImage) {
  const drawn = await draw(figure, { ...options, format: "svg" });
  const svg = await withFont(decodeURIComponent(drawn.slice(drawn.indexOf(",") + 1)));
  return format === "svg" ? `data:image/svg+xml,${encodeURIComponent(svg)}` : rasterised(svg);
}

/**
 * An SVG with the font's weights that it uses embedded: a file, or an image element, cannot use the fonts of the page.
 * @param {string} svg
 */
export async function withFont(svg) {
  const used = Object.entries(files).filter(
    ([weight]) => Number(weight) < 600 || /font-weight: ?(bold|[6-9]00)/.test(svg),
  );
  const rules = used.map(
    async ([weight, address]) =>
      `@font-face{font-family:"${FAMILY}";font-weight:${weight};src:url(${await toDataUrl(address)})}`,
  );
  const style = `<style>${(await Promise.all(rules)).join("")}</style>`;
  return svg.replace(/<svg[^>]*>/, (tag) => tag + style);
}

/** @param {string} svg */
async function rasterised(svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml;charset=utf-8" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png");
  } finally {
    URL.revokeObjectURL(address);
  }
}
