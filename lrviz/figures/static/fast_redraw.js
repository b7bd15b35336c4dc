// @ts-check
// A fast redraw. Plotly.react goes over every trace, axis and label of a figure, though during a drag most of them stay as they
// are. Where only texts and the points of lines and markers have changed, only those are drawn here, with plotly.js's own functions
// (`_module.calc`, `_module.plot`). These are not public: whatever is not as expected is left to Plotly.react, tests compare both
// ways node by node, and requirements.txt pins plotly to this version.
/** @import { Annotation, Layout, PlotElement, Trace } from "./types.js" */

const POINTS = ["x", "y", "text", "customdata"];

/**
 * @param {unknown} value
 * @returns {value is ArrayLike<unknown>}
 */
const isArray = (value) => Array.isArray(value) || ArrayBuffer.isView(value);

/** @type {(a: any, b: any) => boolean} */
function same(a, b) {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object" || a.constructor !== b.constructor)
    return false;
  if (isArray(a)) {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i] && !same(a[i], b[i])) return false;
    return true;
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}

/**
 * What differs between two traces: the names of arrays of points, or null where anything else differs.
 * @param {Trace} before
 * @param {Trace} after
 */
function changedArrays(before, after) {
  if (before === after) return [];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...keys].filter((key) => !same(before[key], after[key]));
  return changed.every((key) => POINTS.includes(key)) ? changed : null;
}

/**
 * Functions that put the texts of one layout in place of another's, or null where anything else differs.
 * @param {PlotElement} plot
 * @param {Layout} before
 * @param {Layout} after
 * @returns {(() => void)[] | null}
 */
function textChanges(plot, before, after) {
  /** @type {((() => void) | null)[]} */
  const steps = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (key === "meta" || same(before[key], after[key])) continue;
    const [old, now] = [before[key], after[key]];
    if (key === "title" && same({ ...old, text: "" }, { ...now, text: "" }))
      steps.push(titleChange(plot, old.text, now.text));
    else if (key === "annotations" && old?.length === now?.length) {
      for (const [i, note] of now.entries())
        if (!same(old[i], note)) steps.push(annotationChange(plot, i, old[i], note));
    } else return null;
  }
  return steps.every((step) => step !== null) ? steps : null;
}

/**
 * @param {PlotElement} plot
 * @param {string} before
 * @param {string} after
 */
function titleChange(plot, before, after) {
  const change = textNodeChange(plot.querySelector(".gtitle"), before, after);
  if (!change) return null;
  return () => {
    change();
    for (const layout of [plot.layout, plot._fullLayout]) layout.title.text = after;
  };
}

/**
 * An annotation without an arrow whose text or position on its axes has changed.
 * @param {PlotElement} plot
 * @param {number} i
 * @param {Annotation} before
 * @param {Annotation} after
 */
function annotationChange(plot, i, before, after) {
  const [full, given] = [plot._fullLayout.annotations[i], plot.layout.annotations?.[i]];
  const group = plot.querySelector(`.annotation[data-index="${i}"]`);
  const inner = group?.querySelector(".cursor-pointer");
  const text = group?.querySelector("text");
  const moved = { text: after.text, x: after.x, y: after.y };
  if (
    !inner ||
    !text ||
    full._input !== given ||
    full.showarrow ||
    !same({ ...before, ...moved }, { ...after, ...moved })
  )
    return null;
  const leftBound = full.xanchor === "left" && text.getAttribute("text-anchor") === "start";
  const rewrite =
    before.text === after.text ? () => {} : leftBound ? textNodeChange(text, before.text, after.text) : null;
  const [dx, dy] = ["x", "y"].map((side) => shiftOf(plot._fullLayout, full[`${side}ref`], before[side], after[side]));
  const place = inner.getAttribute("transform")?.match(/^translate\(([-\d.]+),\s*([-\d.]+)\)$/);
  if (!rewrite || !place || dx === null || dy === null) return null;
  return () => {
    rewrite();
    inner.setAttribute("transform", `translate(${Number(place[1]) + dx},${Number(place[2]) + dy})`);
    for (const note of [full, given]) Object.assign(note, moved);
  };
}

/**
 * How many pixels a coordinate moves on its axis; null where it is not on an axis, or leaves it.
 * @param {any} layout Plotly's own
 * @param {string} ref the axis, "x2"
 * @param {any} before
 * @param {any} after
 */
function shiftOf(layout, ref, before, after) {
  if (before === after) return 0;
  const axis = layout[`${ref[0]}axis${ref.slice(1)}`];
  const [from, to] = [before, after].map((value) => axis?.r2p(value));
  return to >= 0 && to <= axis._length ? to - from : null;
}

const TAGS = /<[^>]*>/g;

/**
 * Plotly makes a text node of each run of characters between two tags; where only those differ, they can be replaced.
 * @param {SVGElement | null} element
 * @param {string} before
 * @param {string} after
 */
function textNodeChange(element, before, after) {
  if (!element || (before + after).includes("&") || !same(before.match(TAGS), after.match(TAGS))) return null;
  const [old, now] = [before, after].map((text) => text.split(TAGS).filter((run) => run !== ""));
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const nodes = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = /** @type {Text} */ (node);
    if (text.data !== "") nodes.push(text);
  }
  const texts = nodes.map((node) => node.data);
  if (old.length !== now.length || !same(texts, old)) return null;
  return () => {
    for (const [i, node] of nodes.entries()) node.data = now[i];
    element.dataset.unformatted = after;
  };
}

/**
 * Whether the trace can be drawn alone: it is not shown, or it is a line or markers on fixed axes, not filled to another trace.
 * @param {PlotElement} plot
 * @param {number} i
 */
function independent(plot, i) {
  const trace = plot._fullData?.[i];
  if (trace?.visible !== true) return true;
  const info = plot._fullLayout._plots?.[trace.xaxis + trace.yaxis];
  const { calc, plot: draw } = trace._module ?? {};
  const plain = trace.type === "scatter" && (trace.fill ?? "none") === "none" && calc && draw;
  return plain && info && !info.xaxis.autorange && !info.yaxis.autorange && plot.calcdata[i]?.[0]?.node3;
}

/**
 * Give traces other points. False, with nothing changed, where that cannot be done.
 * @param {PlotElement} plot
 * @param {Map<number, Trace>} changes by the trace's index, its new arrays
 */
export function movePoints(plot, changes) {
  if (!plot._fullData || ![...changes.keys()].every((i) => independent(plot, i))) return false;
  for (const [i, arrays] of changes) {
    Object.assign(plot.data[i], arrays);
    const trace = Object.assign(plot._fullData[i], arrays);
    if (trace.visible === true) draw(plot, trace, i);
  }
  return true;
}

/**
 * What Plotly.react does for one trace among all.
 * @param {PlotElement} plot
 * @param {Trace} trace Plotly's own, with all defaults
 * @param {number} i
 */
function draw(plot, trace, i) {
  trace._length = Math.min(trace.x.length, trace.y.length);
  delete trace._indexToPoints;
  let calc = trace._length ? trace._module.calc(plot, trace) : [];
  if (!calc[0]) calc = [{ x: undefined, y: undefined }];
  calc[0].t ??= {};
  calc[0].trace = trace;
  const group = plot.calcdata[i][0].node3.node().parentNode;
  const info = plot._fullLayout._plots[trace.xaxis + trace.yaxis];
  const layer = info.plot.selectAll("g.mlayer").filter(
    /** @this {Element} */ function () {
      return this === group;
    },
  );
  plot.calcdata[i] = calc;
  trace._module.plot(plot, info, [calc], layer, { duration: 0 });
}

/**
 * Redraw from one figure to the next. False, with nothing changed, where more has changed than can be drawn this way.
 * @param {PlotElement} plot
 * @param {{ data: Trace[], layout: Layout } | null} before
 * @param {{ data: Trace[], layout: Layout }} after
 */
export function redrawFast(plot, before, after) {
  if (before?.data.length !== after.data.length) return false;
  const changes = new Map();
  for (const [i, trace] of after.data.entries()) {
    const keys = changedArrays(before.data[i], trace);
    if (keys === null) return false;
    if (keys.length) changes.set(i, Object.fromEntries(keys.map((key) => [key, trace[key]])));
  }
  const words = textChanges(plot, before.layout, after.layout);
  if (words === null || !movePoints(plot, changes)) return false;
  for (const change of words) change();
  plot.layout.meta = plot._fullLayout.meta = after.layout.meta;
  return true;
}
