// The quick way to redraw. Plotly.react goes over every trace, axis and label of a figure; while something moves, most of them
// stay as they are. Where only points of lines and markers and words have changed, plotly.js draws those traces alone. It does
// so with its own functions (`_module.calc`, `_module.plot`), which are not part of its public interface: whatever is not found as
// expected is left to Plotly.react, and tests hold both ways against each other.

const POINTS = ["x", "y", "text", "customdata"];

function same(a, b) {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object" || a.constructor !== b.constructor)
    return false;
  if (Array.isArray(a) || ArrayBuffer.isView(a)) {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i] && !same(a[i], b[i])) return false;
    return true;
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}

// What differs between two traces: the names of its points' arrays, or null where anything else does.
function moved(before, after) {
  if (before === after) return [];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...keys].filter((key) => !same(before[key], after[key]));
  return changed.every((key) => POINTS.includes(key)) ? changed : null;
}

// What puts the words of one layout in the place of another's, as a list of functions, or null where anything else differs.
function reworded(plot, before, after) {
  const steps = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (key === "meta" || same(before[key], after[key])) continue;
    const [old, now] = [before[key], after[key]];
    if (key === "title" && same({ ...old, text: "" }, { ...now, text: "" }))
      steps.push(retitled(plot, old.text, now.text));
    else if (key === "annotations" && old?.length === now?.length) {
      for (const [i, note] of now.entries()) if (!same(old[i], note)) steps.push(noted(plot, i, old[i], note));
    } else return null;
  }
  return steps.includes(null) ? null : steps;
}

function retitled(plot, before, after) {
  const change = respelt(plot.querySelector(".gtitle"), before, after);
  return (
    change &&
    (() => {
      change();
      for (const layout of [plot.layout, plot._fullLayout]) layout.title.text = after;
    })
  );
}

// An annotation without an arrow, other words or another place on its axes.
function noted(plot, i, before, after) {
  const [full, given] = [plot._fullLayout.annotations[i], plot.layout.annotations[i]];
  const group = plot.querySelector(`.annotation[data-index="${i}"]`);
  const inner = group?.querySelector(".cursor-pointer");
  if (
    !inner ||
    full._input !== given ||
    full.showarrow ||
    !same({ ...before, text: "", x: 0, y: 0 }, { ...after, text: "", x: 0, y: 0 })
  )
    return null;
  const text = group.querySelector("text");
  const leftBound = full.xanchor === "left" && text.getAttribute("text-anchor") === "start";
  const spelling = before.text === after.text ? () => {} : leftBound ? respelt(text, before.text, after.text) : null;
  const shift = ["x", "y"].map((side) => shifted(plot._fullLayout, full[`${side}ref`], before[side], after[side]));
  const place = inner.getAttribute("transform")?.match(/^translate\(([-\d.]+),\s*([-\d.]+)\)$/);
  if (!spelling || !place || shift.includes(null)) return null;
  return () => {
    spelling();
    inner.setAttribute("transform", `translate(${Number(place[1]) + shift[0]},${Number(place[2]) + shift[1]})`);
    for (const note of [full, given]) Object.assign(note, { text: after.text, x: after.x, y: after.y });
  };
}

// How many pixels a place moves on its axis, null where it is not on one or leaves it.
function shifted(layout, ref, before, after) {
  if (before === after) return 0;
  const axis = layout[`${ref[0]}axis${ref.slice(1)}`];
  const [from, to] = [before, after].map((value) => axis?.r2p(value));
  return to >= 0 && to <= axis._length ? to - from : null;
}

const TAGS = /<[^>]*>/g;

// Plotly makes a text node of each run of characters between two tags; where only those differ, they can be exchanged.
function respelt(element, before, after) {
  if (!element || (before + after).includes("&") || !same(before.match(TAGS), after.match(TAGS))) return null;
  const [old, now] = [before, after].map((text) => text.split(TAGS).filter((run) => run !== ""));
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walk.nextNode()) if (walk.currentNode.data !== "") nodes.push(walk.currentNode);
  if (
    old.length !== now.length ||
    !same(
      nodes.map((node) => node.data),
      old,
    )
  )
    return null;
  return () => {
    for (const [i, node] of nodes.entries()) node.data = now[i];
    element.dataset.unformatted = after;
  };
}

// Whether plotly.js can draw the trace by itself: not shown, or a line or markers on fixed axes and not filled to another.
function alone(plot, i) {
  const trace = plot._fullData[i];
  if (trace.visible !== true) return true;
  const info = plot._fullLayout._plots?.[trace.xaxis + trace.yaxis];
  const { calc, plot: draw } = trace._module ?? {};
  const plain = trace.type === "scatter" && (trace.fill ?? "none") === "none" && calc && draw;
  return plain && info && !info.xaxis.autorange && !info.yaxis.autorange && plot.calcdata[i]?.[0]?.node3;
}

// Give traces (index -> {x, y, ...}) other points. False, and nothing done, where it cannot be.
export function points(plot, changes) {
  if (!plot._fullData || ![...changes.keys()].every((i) => alone(plot, i))) return false;
  for (const [i, arrays] of changes) {
    Object.assign(plot.data[i], arrays);
    const trace = Object.assign(plot._fullData[i], arrays);
    if (trace.visible === true) draw(plot, trace, i);
  }
  return true;
}

// What Plotly.react does for one trace among all.
function draw(plot, trace, i) {
  trace._length = Math.min(trace.x.length, trace.y.length);
  delete trace._indexToPoints;
  let calc = trace._length ? trace._module.calc(plot, trace) : [];
  if (!calc[0]) calc = [{ x: undefined, y: undefined }];
  calc[0].t ??= {};
  calc[0].trace = trace;
  const group = plot.calcdata[i][0].node3.node().parentNode;
  const info = plot._fullLayout._plots[trace.xaxis + trace.yaxis];
  const layer = info.plot.selectAll("g.mlayer").filter(function () {
    return this === group;
  });
  plot.calcdata[i] = calc;
  trace._module.plot(plot, info, [calc], layer, { duration: 0 });
}

// Redraw from one figure to the next. False, and nothing done, where more has changed than can be drawn this way.
export function swiftly(plot, before, after) {
  if (before?.data.length !== after.data.length) return false;
  const changes = new Map();
  for (const [i, trace] of after.data.entries()) {
    const keys = moved(before.data[i], trace);
    if (keys === null) return false;
    if (keys.length) changes.set(i, Object.fromEntries(keys.map((key) => [key, trace[key]])));
  }
  const words = reworded(plot, before.layout, after.layout);
  if (words === null || !points(plot, changes)) return false;
  for (const change of words) change();
  plot.layout.meta = plot._fullLayout.meta = after.layout.meta;
  return true;
}
