// @ts-check
// Edits that the page has not taken yet.
//
// Each edit is shown at once by whoever listens (`onEdit`), and sent to the page when the pointer is let go, or when nothing has been
// edited for PAUSE milliseconds. Every edit has a number; what arrives from the page says which numbers it has taken (its acks), so
// that an older answer does not undo a newer edit. An edit that has been taken is kept until the address shows it, which is when the
// page has been drawn to its end: until then it would go with its process. While the connection is lost nothing is sent; what the
// address does not show by then is sent again when the page is there again.
//
// Buttons are Streamlit's own, which sends them itself: one that is pressed has been taken when the page has next been drawn to its
// end. To be sent again it is found by its words and pressed. The edits before it are sent with it, and its number goes with it, so
// that the page can do all in the order of the hand.
/** @import { Entries } from "./component.js" */

import { isIdle } from "./connection.js";

const PAUSE = 150;
const LATE = 500;
const PRESSES = "presses"; // under this the page says which is the last press it has taken
const BUTTONS = '[data-testid="stButton"] button';
const PATIENCE = 15_000; // an edit sent so long ago is given up: nobody will take it any more

/**
 * @typedef {object} Edit
 * @property {number} seq its number
 * @property {Entries | null} entries what it changes in the link; null where the figure need not be drawn anew
 * @property {(seq: number) => void} send
 * @property {number} sentAt when it was sent; 0 before
 * @property {string} [takenAt] the address when the page had taken it
 * @property {string} [button] the class of a button, by which the page knows it
 */

/** @type {Map<string, Edit>} the latest of each control or figure */
const edits = new Map();
let seq = Date.now();
let pointerDown = false;
let timer = 0;
let lateTimer = 0;
let waiting = 0;
let lost = false;
/** @type {() => void} */
let listener = () => {};
/** @type {(presses: Record<string, number>) => void} */
let teller = () => {};

function up() {
  pointerDown = false;
  setTimeout(send); // after the last edit of whatever was dragged
}
const down = () => {
  pointerDown = true;
};
document.addEventListener("pointerdown", down, true);
document.addEventListener("pointerup", up, true);
document.addEventListener("pointercancel", up, true);
document.addEventListener("pointermove", (event) => pointerDown && !event.buttons && up(), true);

function send() {
  if (lost) return;
  for (const edit of edits.values()) {
    if (edit.sentAt) continue;
    edit.sentAt = performance.now();
    edit.send(edit.seq);
  }
}

// The document says whether edits are pending and, after a while, that the page is late. A name of its own for the latter: styles
// hang on it, and to look for what they touch costs milliseconds.
function mark() {
  const { dataset } = document.documentElement;
  const any = pending().length > 0;
  dataset.lrvizEdits = any ? "pending" : "none";
  clearTimeout(waiting);
  if (any) waiting = setTimeout(giveUp, PATIENCE / 5);
  if (any)
    lateTimer ||= setTimeout(() => {
      dataset.lrvizLate = "1";
    }, LATE);
  else {
    clearTimeout(lateTimer);
    lateTimer = 0;
    if (dataset.lrvizLate) delete dataset.lrvizLate;
  }
}

/** The edits that the page has not taken yet. */
const pending = () => [...edits.values()].filter(({ takenAt }) => takenAt === undefined);

/** @param {Edit} edit */
const isGivenUp = ({ sentAt, takenAt }) =>
  !lost && takenAt === undefined && sentAt !== 0 && performance.now() - sentAt > PATIENCE;

// Nobody need draw the page again for that, so that it never goes on saying that it is behind.
function giveUp() {
  for (const [key, edit] of edits) if (isGivenUp(edit)) edits.delete(key);
  mark();
}

/** @param {() => void} listen is called after each edit that changes the link */
export function onEdit(listen) {
  listener = listen;
}

/** @param {(presses: Record<string, number>) => void} tell is called with the numbers of the buttons that are pressed, by their classes */
export function onPress(tell) {
  teller = tell;
}

/**
 * @param {string} key of the control or figure
 * @param {(seq: number) => void} sendEdit
 * @param {Entries | null} entries
 */
export function record(key, sendEdit, entries = null) {
  edits.delete(key); // so that it is the last
  edits.set(key, { seq: ++seq, entries, send: sendEdit, sentAt: 0 });
  mark();
  clearTimeout(timer);
  if (!pointerDown) timer = setTimeout(send, PAUSE);
  if (entries) listener();
}

/** @param {MouseEvent} click */
function pressed({ target, isTrusted }) {
  const pressedOne = isTrusted && target instanceof Element && target.closest(BUTTONS);
  if (!pressedOne) return;
  const words = pressedOne.textContent;
  const key = `button ${words}`;
  const again = () => {
    const buttons = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(BUTTONS));
    const button = [...buttons].find(({ textContent }) => textContent === words);
    if (!button) return discard(key);
    tellPresses();
    button.click();
  };
  send();
  edits.delete(key); // so that it is the last
  edits.set(key, { seq: ++seq, entries: null, send: again, sentAt: performance.now(), button: classOf(pressedOne) });
  mark();
  tellPresses();
}
document.addEventListener("click", pressed, true);

/** @param {Element} button */
function classOf(button) {
  const names = button.closest('[class*="st-key-"]')?.classList ?? [];
  return [...names].find((name) => name.startsWith("st-key-")) ?? "";
}

// Streamlit gathers this and the press into one message.
function tellPresses() {
  teller(Object.fromEntries(pending().flatMap(({ button, seq }) => (button ? [[button, seq]] : []))));
}

/** The page has been drawn to its end. */
export function drawn() {
  for (const [key, { button, sentAt, takenAt }] of edits) if (takenAt !== undefined || (button && sentAt)) discard(key);
}

/** The connection is lost. */
export function pause() {
  lost = true;
  for (const [key, edit] of edits)
    if (edit.takenAt === undefined || edit.takenAt === location.search) {
      edit.sentAt = 0;
      delete edit.takenAt;
    } else edits.delete(key); // the address has changed since, and shows it
  mark();
}

/** The page is there again: send what is pending under new numbers, or it would be no change to a session that got the old ones. */
export function resume() {
  lost = false;
  for (const edit of edits.values()) if (!edit.sentAt) edit.seq = ++seq;
  if (!pointerDown) send();
}

/**
 * Whether the page has not taken an edit yet, by the number of the last one it has taken. One that it never will take is discarded.
 * @param {string} key
 * @param {number} ack
 */
export function isPending(key, ack = 0) {
  const edit = edits.get(key);
  if (!edit) return false;
  if (isGivenUp(edit) || (ack >= edit.seq && isIdle())) discard(key);
  else if (ack < edit.seq) return edit.takenAt === undefined;
  else edit.takenAt ??= location.search;
  mark();
  return false;
}

/**
 * A control or figure has left the page. While the connection is lost it has not: the page is being drawn anew.
 * @param {string} key
 */
export function leave(key) {
  if (!lost) discard(key);
}

/** @param {string} key */
function discard(key) {
  edits.delete(key);
  mark();
}

/**
 * Whether there are edits that an answer does not contain, by the numbers it says it has taken.
 * @param {Record<string, number>} acks
 */
export const anyPending = (acks = {}) =>
  [...edits].filter(([key, { button }]) => isPending(key, acks[button ? PRESSES : key]) && !button).length > 0;

/**
 * What all edits together change in the link.
 * @returns {Entries}
 */
export const pendingEntries = () => Object.assign({}, ...pending().map(({ entries }) => entries));
