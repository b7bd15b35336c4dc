// @ts-check
// Numbers as plot/text.py writes them, for texts that are made in the browser: hover texts and the bar.
/** @import { PlotElement } from "./types.js" */

const MINUS = "−";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SMALLEST = 1e-4; // below it and from LARGEST on a number is written with a power of ten
const LARGEST = 1e7;

/** @param {string} text */
const signed = (text) => text.replace("-", MINUS);
/** @param {string} text */
const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
/** @param {string} text */
const grouped = (text) => text.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",");

/**
 * A number to so many significant digits: 0.349, −12.5, 1,235, 2 × 10⁻⁶; whole digits are kept below ten million.
 * @param {number} value
 * @param {number} digits
 */
export function number(value, digits = 3) {
  if (value === 0) return "0";
  const rounded = value.toExponential(digits - 1);
  const [mantissa, exponent] = rounded.split("e");
  if (Math.abs(Number(rounded)) < SMALLEST || Math.round(Math.abs(value)) >= LARGEST) {
    const power = `10${exponent
      .replace("+", "")
      .replace("-", "⁻")
      .replace(/\d/g, (digit) => RAISED[Number(digit)])}`;
    const factor = trimmed(mantissa);
    return signed(factor === "1" ? power : factor === "-1" ? `-${power}` : `${factor} × ${power}`);
  }
  return signed(grouped(trimmed(value.toFixed(Math.max(digits - 1 - Number(exponent), 0)))));
}

/**
 * A number to so many decimals: 4.40, −0.5, 1,234.0; never −0.00.
 * @param {number} value
 * @param {number} decimals
 */
export function fixed(value, decimals) {
  const text = value.toFixed(decimals);
  return signed(grouped(Number(text) === 0 ? text.replace("-", "") : text));
}

/**
 * The function that writes numbers in this format of a hover text: `.3g` significant digits, `.2f` decimals, `,` counts.
 * @param {string} format
 * @returns {(value: number) => string}
 */
export function formatter(format) {
  const [, digits, kind] = /^\.(\d)([gf])$/.exec(format) ?? [];
  if (!kind) return (value) => (Number.isInteger(value) && Math.abs(value) < 1e15 ? fixed(value, 0) : number(value, 4));
  const few = Number(digits);
  if (kind === "g") return (value) => number(value, Math.max(few, 1));
  return (value) => (Math.abs(value) < LARGEST ? fixed(value, few) : number(value, Math.max(few, 1)));
}

/**
 * Have the hover texts of a plot use this file's numbers; call it once the plot has been drawn. Plotly has a setting for the decimal
 * point, but none for the minus sign or powers of ten. It makes its formatting function anew at every redraw, so that is replaced
 * before each text is made.
 * @param {PlotElement} element
 */
export function writeHoverNumbers(element) {
  element.on("plotly_beforehover", () => {
    const locale = element._fullLayout?._d3locale;
    if (locale) locale.numberFormat = formatter;
  });
}
