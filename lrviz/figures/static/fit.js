// @ts-check
// Text fitted to the room there is, by the widths it has in the font that is there: the title and the key of a figure
// break into lines, and a narrow screen gets smaller type and what the figure's meta.narrow asks for.
/** @import { Annotation, Layout, PlotElement, Title } from "./types.js" */

const NARROW = 640;
const SMALL = 12.5;
const TITLE = 1.12;
const KEY_GAP = "    ";
const LINE = 1.3; // Plotly's line height
const CAPITAL = 0.7; // and height of a capital
const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

/**
 * The width of a text in Plotly's little HTML, in pixels.
 * @param {string} text
 * @param {number} size
 * @param {string} family
 */
export function breadth(text, size, family) {
  let [width, bold, scale] = [0, 0, 1];
  for (const part of text.split(/(<[^>]*>)/)) {
    const [, end, tag] = /^<(\/?)(\w+)/.exec(part) ?? [];
    if (tag === "b") bold += end ? -1 : 1;
    else if (tag === "sub" || tag === "sup") scale = end ? 1 : 0.7;
    if (part.startsWith("<")) continue;
    pen.font = `${bold > 0 ? 700 : 400} ${size * scale}px ${family}`;
    width += pen.measureText(part.replace(/&(lt|gt|amp);/g, "x").replace(/\u200b/g, "")).width;
  }
  return width;
}

/**
 * A text in lines no wider than `across`, broken between entries or words; it stays as it is where its lines fit.
 * @param {string} text
 * @param {string} gap what stands between entries, or a space
 * @param {number} across
 * @param {(line: string) => number} measure
 * @returns {string}
 */
function broken(text, gap, across, measure) {
  if (text.split("<br>").every((line) => measure(line) <= across)) return text;
  const out = [""];
  for (const part of text.replaceAll("<br>", gap).split(gap === " " ? / (?![^<]*>)/ : gap)) {
    const line = out[out.length - 1];
    const longer = line ? line + gap + part : part;
    if (line && measure(longer) > across) out.push(part);
    else out[out.length - 1] = longer;
  }
  return out.map((line) => (gap === " " ? line : broken(line, " ", across, measure))).join("<br>");
}

/** @param {string[]} texts */
const rows = (texts) => Math.max(0, ...texts.map((text) => text.split("<br>").length));

/**
 * Plotly sets the first of several lines on the spot where a single line would have its upper edge.
 * @param {Title | undefined} before
 * @param {string} title
 * @param {number} size
 */
function padded({ pad, text, font } = {}, title, size) {
  const single = (pad?.t ?? 0) - (text?.includes("<br>") ? CAPITAL * (font?.size ?? size) : 0);
  return title.includes("<br>") ? { ...pad, t: single + CAPITAL * size } : pad;
}

/**
 * A layout for a plot of this width.
 * @param {Layout} layout
 * @param {number} width
 * @returns {Layout}
 */
export function fitted(layout, width) {
  if (!width) return layout;
  const narrow = width < NARROW;
  const notes = layout.annotations ?? [];
  const [family, size] = [layout.font?.family ?? "sans-serif", narrow ? SMALL : (layout.font?.size ?? 12)];
  const large = narrow ? SMALL * TITLE : (layout.title?.font?.size ?? size);
  const margin = { ...layout.margin, ...(narrow && { l: Math.min(layout.margin?.l ?? 60, 58), r: 10 }) };
  const across = width - (margin.l ?? 80) - 6;
  const title = broken(layout.title?.text ?? "", " ", across, (text) => breadth(text, large, family));
  const given = notes.filter((note) => note.name === "key").map((note) => note.text);
  const keys = given.map((text) => broken(text, KEY_GAP, across, (line) => breadth(line, size, family)));
  const more = [rows([title]) - rows([layout.title?.text ?? ""]), rows(keys) - rows(given)];
  if (!narrow && !more[0] && !more[1]) return layout;
  const height = LINE * (large * rows([title]) + size * rows(keys));
  margin.t = narrow
    ? Math.max(14 + height, keys.length ? 0 : (layout.margin?.t ?? 40))
    : (layout.margin?.t ?? 40) + LINE * (large * more[0] + size * more[1]);
  return {
    ...layout,
    ...(narrow && layout.meta?.narrow),
    font: { ...layout.font, size },
    title: {
      ...layout.title,
      text: title,
      font: { ...layout.title?.font, size: large },
      pad: padded(layout.title, title, large),
    },
    annotations: notes.map((note) => (note.name === "key" ? { ...note, text: keys.shift() ?? "" } : note)),
    margin,
  };
}

/**
 * How many pixels a drawn plot lacks on each side for the numbers and the titles of its axes. Plotly keeps a title within the
 * frame, on top of the numbers if need be.
 * @param {PlotElement} plot
 */
export function shortfall(plot) {
  const frame = plot.getBoundingClientRect();
  /** @param {string} css */
  const boxes = (css) =>
    [...plot.querySelectorAll(css)].map((text) => text.getBoundingClientRect()).filter((box) => box.width);
  const lacking = { l: 0, r: 0, b: 0 };
  /** @type {(side: "l" | "r" | "b", pixels: number) => void} */
  const lacks = (side, pixels) => {
    if (pixels > 1) lacking[side] = Math.max(lacking[side], Math.ceil(pixels));
  };
  /** @param {DOMRect} box of a line: how much of it is empty above and below the ink */
  const air = (box) => 0.18 * box.height;
  /** @type {(list: DOMRect[], side: "bottom" | "right") => number} */
  const most = (list, side) => Math.max(...list.map((box) => box[side]));
  for (const box of boxes("[class$=tick] > text")) {
    lacks("l", frame.left - box.left);
    lacks("r", box.right - frame.right);
    lacks("b", box.bottom - air(box) - frame.bottom);
  }
  for (const text of plot.querySelectorAll("text[class^=y][class$=title], text[class^=x][class$=title]")) {
    const title = text.getBoundingClientRect();
    const ticks = boxes(`.${text.getAttribute("class")?.replace("title", "tick")} > text`);
    if (!title.width || !ticks.length) continue;
    if (text.classList[0].startsWith("x")) {
      if (frame.bottom - title.bottom < 1) lacks("b", most(ticks, "bottom") - air(ticks[0]) - title.top - air(title));
    } else if (title.left - frame.left < 1) lacks("l", title.right - Math.min(...ticks.map((box) => box.left)));
    else if (frame.right - title.right < 1) lacks("r", most(ticks, "right") - title.left);
  }
  return lacking;
}

/**
 * A layout with wider margins.
 * @param {Layout} layout
 * @param {Record<string, number>} lacking
 */
export function widened(layout, lacking) {
  const sides = Object.entries(lacking).filter(([, pixels]) => pixels);
  if (!sides.length) return layout;
  return {
    ...layout,
    margin: {
      ...layout.margin,
      ...Object.fromEntries(sides.map(([side, pixels]) => [side, (layout.margin?.[side] ?? 80) + pixels])),
    },
  };
}
