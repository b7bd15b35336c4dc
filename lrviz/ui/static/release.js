// @ts-check
// Where the files of another release have drawn the page before it moved to a process of this one, it is loaded anew from its address
// with the edits that are pending there. It has been drawn to its end by then, so that the address says what this process has taken;
// until then nothing can be done that would be lost.
/** @import { Entries } from "./component.js" */

import { HOME } from "./component.js";
import { pendingEntries } from "./pending_edits.js";

/** @type {Window & { lrviz?: { home: string, pendingEntries: () => Entries } }} */
const shared = window;
shared.lrviz ??= { home: HOME.href, pendingEntries };
const drawnBy = shared.lrviz;

/** Whether the page has been drawn by another release. */
export const outdated = drawnBy.home !== HOME.href;
document.documentElement.inert = outdated;

export function reload() {
  const address = new URL(window.location.href);
  for (const [key, text] of Object.entries(drawnBy.pendingEntries()))
    if (!key.startsWith("~")) address.searchParams.set(key, text);
  window.location.replace(address);
}
