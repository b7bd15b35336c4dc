// @ts-check
// A layout fitted to the width of its plot: the title and the key of a figure are broken into lines, and a narrow screen gets
// smaller type and what the figure's meta.narrow asks for. Text is measured in the font it will be drawn with.
/** @import { Annotation, Layout, PlotElement, Title } from "./types.js" */

const NARROW = 640; // pixels
const SMALL = 12.5; // font size on a narrow screen
const TITLE = 1.12; // size of the title, relative to it
const KEY_GAP = "    ";
const LINE = 1.3; // Plotly's line height, relative to the font size
const CAPITAL = 0.7; // and its height of a capital letter
const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

/**
 * The width in pixels of a text with the few HTML tags that Plotly knows.
 * @param {string} text
 * @param {number} size
 * @param {string} family
 */
export function textWidth(text, size, family) {
  let [width, bold, scale] = [0, 0, 1];
  for (const part of text.split(/(<[^>]*>)/)) {
    const [, end, tag] = /^<(\/?)(\w+)/.exec(part) ?? [];
    if (tag === "b") bold += end ? -1 : 1;
    else if (tag === "sub" || tag === "sup") scale = end ? 1 : 0.7;
    if (part.startsWith("<")) continue;
    context.font = `${bold > 0 ? 700 : 400} ${size * scale}px ${family}`;
    width += context.measureText(part.replace(/&(lt|gt|amp);/g, "x").replace(/\u200b/g, "")).width;
  }
  return width;
}

/**
 * A text in lines no wider than `maxWidth`, broken between entries or words; the same text where its lines fit.
 * @param {string} text
 * @param {string} gap what stands between entries, or a space
 * @param {number} maxWidth
 * @param {(line: string) => number} measure
 * @returns {string}
 */
function wrap(text, gap, maxWidth, measure) {
  if (text.split("<br>").every((line) => measure(line) <= maxWidth)) return text;
  const out = [""];
  for (const part of text.replaceAll("<br>", gap).split(gap === " " ? / (?![^<]*>)/ : gap)) {
    const line = out[out.length - 1];
    const longer = line ? line + gap + part : part;
    if (line && measure(longer) > maxWidth) out.push(part);
    else out[out.length - 1] = longer;
  }
  return out.map((line) => (gap === " " ? line : wrap(line, " ", maxWidth, measure))).join("<br>");
}

/** @param {string[]} texts */
const lineCount = (texts) => Math.max(0, ...texts.map((text) => text.split("<br>").length));

/**
 * The padding of a title. Plotly sets the first of several lines where the top of a single line would be, so they need more.
 * @param {Title | undefined} before
 * @param {string} title
 * @param {number} size
 */
function titlePad({ pad, text, font } = {}, title, size) {
  const single = (pad?.t ?? 0) - (text?.includes("<br>") ? CAPITAL * (font?.size ?? size) : 0);
  return title.includes("<br>") ? { ...pad, t: single + CAPITAL * size } : pad;
}

/**
 * A layout for a plot of this width.
 * @param {Layout} layout
 * @param {number} width
 * @returns {Layout}
 */
export function fitLayout(layout, width) {
  if (!width) return layout;
  const narrow = width < NARROW;
  const notes = layout.annotations ?? [];
  const [family, size] = [layout.font?.family ?? "sans-serif", narrow ? SMALL : (layout.font?.size ?? 12)];
  const titleSize = narrow ? SMALL * TITLE : (layout.title?.font?.size ?? size);
  const margin = { ...layout.margin, ...(narrow && { l: Math.min(layout.margin?.l ?? 60, 58), r: 10 }) };
  const maxWidth = width - (margin.l ?? 80) - 6;
  const title = wrap(layout.title?.text ?? "", " ", maxWidth, (text) => textWidth(text, titleSize, family));
  const given = notes.filter((note) => note.name === "key").map((note) => note.text);
  const keys = given.map((text) => wrap(text, KEY_GAP, maxWidth, (line) => textWidth(line, size, family)));
  const more = [lineCount([title]) - lineCount([layout.title?.text ?? ""]), lineCount(keys) - lineCount(given)];
  if (!narrow && !more[0] && !more[1]) return layout;
  const height = LINE * (titleSize * lineCount([title]) + size * lineCount(keys));
  margin.t = narrow
    ? Math.max(14 + height, keys.length ? 0 : (layout.margin?.t ?? 40))
    : (layout.margin?.t ?? 40) + LINE * (titleSize * more[0] + size * more[1]);
  return {
    ...layout,
    ...(narrow && layout.meta?.narrow),
    font: { ...layout.font, size },
    title: {
      ...layout.title,
      text: title,
      font: { ...layout.title?.font, size: titleSize },
      pad: titlePad(layout.title, title, titleSize),
    },
    annotations: notes.map((note) => (note.name === "key" ? { ...note, text: keys.shift() ?? "" } : note)),
    margin,
  };
}

/** @typedef {{ l: number, r: number, b: number }} Overflow pixels on the left, on the right and below */

/**
 * How far the numbers and the titles of a drawn plot's axes reach beyond its frame, or into each other: Plotly keeps a title within
 * the frame, on top of the numbers if need be.
 * @param {PlotElement} plot
 */
export function overflow(plot) {
  const frame = plot.getBoundingClientRect();
  const pixels = { l: 0, r: 0, b: 0 };
  for (const box of boxesOf(plot, "[class$=tick] > text")) {
    extend(pixels, "l", frame.left - box.left);
    extend(pixels, "r", box.right - frame.right);
    extend(pixels, "b", box.bottom - blank(box) - frame.bottom);
  }
  for (const text of plot.querySelectorAll("text[class^=y][class$=title], text[class^=x][class$=title]")) {
    const title = text.getBoundingClientRect();
    const ticks = boxesOf(plot, `.${text.getAttribute("class")?.replace("title", "tick")} > text`);
    if (!title.width || !ticks.length) continue;
    if (text.classList[0].startsWith("x")) {
      const bottom = Math.max(...ticks.map((box) => box.bottom)) - blank(ticks[0]);
      if (frame.bottom - title.bottom < 1) extend(pixels, "b", bottom - title.top - blank(title));
    } else if (title.left - frame.left < 1)
      extend(pixels, "l", title.right - Math.min(...ticks.map((box) => box.left)));
    else if (frame.right - title.right < 1)
      extend(pixels, "r", Math.max(...ticks.map((box) => box.right)) - title.left);
  }
  return pixels;
}

/**
 * @param {PlotElement} plot
 * @param {string} selector
 */
const boxesOf = (plot, selector) =>
  [...plot.querySelectorAll(selector)].map((text) => text.getBoundingClientRect()).filter((box) => box.width);

/**
 * @param {Overflow} pixels
 * @param {keyof Overflow} side
 * @param {number} by one pixel or less is rounding
 */
function extend(pixels, side, by) {
  if (by > 1) pixels[side] = Math.max(pixels[side], Math.ceil(by));
}

/**
 * The part of a line's box that is empty above its letters, and again below them.
 * @param {DOMRect} box
 */
const blank = (box) => 0.18 * box.height;

/**
 * A layout whose margins are wider by so much.
 * @param {Layout} layout
 * @param {Overflow} pixels
 */
export function widenMargins(layout, pixels) {
  const sides = Object.entries(pixels).filter(([, by]) => by);
  if (!sides.length) return layout;
  const wider = sides.map(([side, by]) => [side, (layout.margin?.[side] ?? 80) + by]);
  return { ...layout, margin: { ...layout.margin, ...Object.fromEntries(wider) } };
}
