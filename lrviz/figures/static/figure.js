// @ts-check
// A figure as data: decoding its arrays, replacing its colours.
/** @import { Colours } from "./types.js" */

/**
 * A figure, or a part of one, with its colours replaced; typed arrays stay the same objects.
 * @template T
 * @param {T} node
 * @param {Colours} colours
 * @returns {T}
 */
export function recolour(node, colours) {
  /** @type {(node: any) => any} */
  const visit = (node) => {
    if (typeof node === "string") return node.replace(/#[0-9a-f]{6}/g, (colour) => colours[colour] ?? colour);
    if (Array.isArray(node)) return node.map(visit);
    if (node === null || typeof node !== "object" || ArrayBuffer.isView(node)) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child)]));
  };
  return visit(node);
}

// By NumPy's name of the type.
const TYPES = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
};

/**
 * A figure with its base64 arrays decoded: once, here, where they are read too, or Plotly would decode its own copy at each redraw.
 * @param {any} node
 * @returns {any}
 */
export function inflate(node) {
  if (Array.isArray(node)) return node.map(inflate);
  if (node === null || typeof node !== "object" || ArrayBuffer.isView(node)) return node;
  if (typeof node.bdata !== "string")
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, inflate(child)]));
  const flat = new TYPES[/** @type {keyof typeof TYPES} */ (node.dtype)](decoded(node.bdata).buffer);
  if (node.shape === undefined) return flat;
  const [rows, columns] = String(node.shape).split(",").map(Number);
  return Array.from({ length: rows }, (_, r) => flat.subarray(r * columns, (r + 1) * columns));
}

/** @param {string} base64 */
function decoded(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}
