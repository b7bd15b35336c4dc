// @ts-check
// A point picked in a figure's axes, with the pointer or with arrow keys.
/** @import { Pick, PlotElement, Point } from "./types.js" */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * @param {PlotElement} plot
 * @param {() => Pick | undefined} current says where a point can be picked in the figure on screen
 * @param {(point: Point, last: boolean) => void} onPick
 */
export function watchPicking(plot, current, onPick) {
  plot.addEventListener(
    "pointerdown",
    (down) => {
      const pick = current();
      const start = pick && coordinates(plot, down, pick);
      if (!start || down.button !== 0 || down.shiftKey) return;
      down.preventDefault();
      down.stopPropagation();
      followPointer(plot, down.pointerId, pick, onPick);
      onPick(start, false);
    },
    true,
  );
  plot.addEventListener("keydown", (event) => {
    const pick = current();
    const direction = ARROWS[event.key];
    if (!pick?.at || !direction) return;
    event.preventDefault();
    const size = event.shiftKey ? 5 : 1;
    const [dx, dy] = pick.by ?? axes(plot, pick).map(({ range }) => (range[1] - range[0]) / 100);
    pick.at = [pick.at[0] + direction[0] * size * dx, pick.at[1] + direction[1] * size * dy];
    onPick({ x: pick.at[0], y: pick.at[1] }, true);
  });
}

/**
 * Pick each point under the pointer until it is released.
 * @param {PlotElement} plot
 * @param {number} id
 * @param {Pick} pick
 * @param {(point: Point, last: boolean) => void} onPick
 */
function followPointer(plot, id, pick, onPick) {
  plot.setPointerCapture(id);
  /** @param {PointerEvent} event */
  const move = (event) => {
    const point = coordinates(plot, event, pick, true);
    if (point) onPick(point, event.type === "pointerup");
  };
  /** @param {PointerEvent} event */
  const stop = (event) => {
    plot.removeEventListener("pointermove", move);
    plot.removeEventListener("pointerup", stop);
    plot.removeEventListener("pointercancel", stop);
    if (event.type === "pointerup") move(event);
  };
  plot.addEventListener("pointermove", move);
  plot.addEventListener("pointerup", stop);
  plot.addEventListener("pointercancel", stop);
}

/**
 * @param {PlotElement} plot
 * @param {Pick} pick
 */
const axes = (plot, pick) => [plot._fullLayout[pick.xaxis], plot._fullLayout[pick.yaxis]];

/**
 * Data coordinates under the pointer. Outside the axes null or, if `clamp`, the nearest point inside. `_offset` and `_length` are
 * Plotly's position and length of an axis in pixels.
 * @param {PlotElement} plot
 * @param {PointerEvent} event
 * @param {Pick} pick
 * @returns {Point | null}
 */
function coordinates(plot, event, pick, clamp = false) {
  const [xaxis, yaxis] = axes(plot, pick);
  const box = plot.getBoundingClientRect();
  const px = event.clientX - box.left - xaxis._offset;
  const py = event.clientY - box.top - yaxis._offset;
  const inside = px >= 0 && py >= 0 && px <= xaxis._length && py <= yaxis._length;
  if (!inside && !clamp) return null;
  /** @type {(value: number, length: number) => number} */
  const within = (value, length) => Math.min(Math.max(value, 0), length);
  return { x: xaxis.p2d(within(px, xaxis._length)), y: yaxis.p2d(within(py, yaxis._length)) };
}
