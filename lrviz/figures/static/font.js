// @ts-check
// The font of every figure: made known to the page, waited for before anything is measured or drawn, and put into
// pictures that leave the page.
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

/** Resolves when the font is here. Where it cannot be had, the next one of the family list is measured and drawn. */
export async function fontReady() {
  await Promise.allSettled(Object.keys(files).map((weight) => document.fonts.load(`${weight} 16px "${FAMILY}"`)));
}

/** @param {string | URL} source */
async function asData(source) {
  const address = String(source);
  if (address.startsWith("data:")) return address;
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `data:font/woff2;base64,${btoa(text)}`;
}

/**
 * A figure as a picture in a `data:` address, with the font inside where it is an SVG.
 * @param {object} figure
 * @param {{ format: string, [option: string]: any }} options Plotly.toImage's
 * @param {Draw} draw
 */
export async function picture(figure, { format, ...options }, draw = window.Plotly.toImage) {
  const drawn = await draw(figure, { ...options, format: "svg" });
  const svg = await withFont(decodeURIComponent(drawn.slice(drawn.indexOf(",") + 1)));
  return format === "svg" ? `data:image/svg+xml,${encodeURIComponent(svg)}` : rasterised(svg);
}

/**
 * An SVG with the weights of the font that it uses; a file or an image knows nothing of the fonts of a page.
 * @param {string} svg
 */
export async function withFont(svg) {
  const used = Object.entries(files).filter(
    ([weight]) => Number(weight) < 600 || /font-weight: ?(bold|[6-9]00)/.test(svg),
  );
  const rules = used.map(
    async ([weight, address]) =>
      `@font-face{font-family:"${FAMILY}";font-weight:${weight};src:url(${await asData(address)})}`,
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
