// @ts-check
// Where the files of another release have drawn the page before it moved to a process of this one, it is loaded anew from its address.
//
// What was done on it by then may still be on its way, or be sent again by the other release's list of edits when it finds the
// connection again. So nothing more can be done there, a message is sent after all others, and the page is loaded anew when that
// one has been taken and the page drawn to its end: the address shows all that this process has taken. A session in which nothing
// had been drawn takes what its controls say in one more run, so it is asked once more. What that list sent in vain is added.
/** @import { Component, Entries } from "./component.js" */
/** @import { Message } from "./live_figure.js" */

import { HOME } from "./component.js";
import { isIdle, watchConnection } from "./connection.js";
import { anyPending, pendingEntries, record } from "./pending_edits.js";

const LAST = "last";
const PATIENCE = 15_000;
const REST = 500; // between two runs, one of which has asked for the other, the page seems to be drawn to its end

const own = { home: HOME.href, anyPending, pendingEntries, record };
/** @type {Window & { lrviz?: typeof own }} */
const shared = window;
shared.lrviz ??= own;
const drawnBy = shared.lrviz;

/** Whether the page has been drawn by another release. */
export const outdated = drawnBy.home !== HOME.href;

let asked = false;
let number = Infinity; // of the last message, once it has been sent
let allTaken = false;
let timer = 0;

/** Have the page of another release loaded anew when it has taken what was done on it, or after a while. */
export function replace() {
  document.documentElement.inert = true;
  const nothing = () => {};
  watchConnection({ lost: nothing, ask: nothing, found: nothing, drawn: reload });
  setTimeout(() => {
    allTaken = true;
    reload();
  }, PATIENCE);
}

/**
 * A run of the page's script has come to a figure of a page that is being replaced.
 * @param {Component} component
 * @param {Message} message
 */
export function follow(component, { fresh, acks }) {
  drawnBy.anyPending(acks);
  if (fresh || !asked) askLast(component);
  else allTaken ||= (acks[LAST] ?? 0) >= number;
  reload(); // a figure may be called after the page has been drawn to its end
}

/** @param {Component} component */
function askLast(component) {
  asked = true;
  number = Infinity;
  drawnBy.record(LAST, (seq) => {
    number = seq;
    component.setStateValue(LAST, seq);
  });
}

function reload() {
  clearTimeout(timer);
  if (allTaken) timer = setTimeout(load, REST);
}

function load() {
  if (!isIdle()) return;
  const address = new URL(window.location.href);
  for (const [key, text] of Object.entries(/** @type {Entries} */ (drawnBy.pendingEntries())))
    if (!key.startsWith("~")) address.searchParams.set(key, text);
  window.location.replace(address);
}
