// What the hand has changed and the page has not taken yet.
//
// Each change is shown at once by whoever watches (`watch`), and told to the page when the hand rests: when the pointer is
// let go, or when nothing has moved for PAUSE milliseconds. Every change has a number; what arrives from the page says which
// numbers it has taken (its acks), so that an older answer does not undo what the hand has done since. While the connection is
// lost nothing is told; what has not been taken by then is told again when the page is there again.
const PAUSE = 150;
const LATE = 500;
const PATIENCE = 15_000; // a change told so long ago is given up: nobody will take it any more
const changes = new Map(); // key -> { seq, entries, tell, told }
let seq = Date.now();
let down = false;
let timer = 0;
let late = 0;
let lost = false;
let show = () => {};

function up() {
  down = false;
  setTimeout(rest); // after the last word of whoever was dragged
}
document.addEventListener("pointerdown", () => (down = true), true);
document.addEventListener("pointerup", up, true);
document.addEventListener("pointercancel", up, true);
document.addEventListener("pointermove", (event) => down && !event.buttons && up(), true);

function rest() {
  if (lost) return;
  for (const change of changes.values()) {
    if (change.told) continue;
    change.told = performance.now();
    change.tell(change.seq);
  }
}

// The document says whether the hand is ahead of the page and, after a while, that the page is late. A name of its own for
// the latter: styles hang on it, and to look for what they touch costs milliseconds.
function mark() {
  const { dataset } = document.documentElement;
  dataset.lrvizHand = changes.size ? "ahead" : "still";
  if (changes.size) late ||= setTimeout(() => (dataset.lrvizLate = "1"), LATE);
  else {
    clearTimeout(late);
    late = 0;
    if (dataset.lrvizLate) delete dataset.lrvizLate;
  }
}

export function watch(shown) {
  show = shown;
}

// `tell(seq)` says it to the page; `entries` are what it changes in the link, null where the figure need not be shown anew.
export function moved(key, tell, entries = null) {
  changes.set(key, { seq: ++seq, entries, tell, told: 0 });
  mark();
  clearTimeout(timer);
  if (!down) timer = setTimeout(rest, PAUSE);
  if (entries) show();
}

export function lose() {
  lost = true;
}

// Under new numbers, or they would be no change to a session that got the old ones when it began.
export function find() {
  lost = false;
  for (const change of changes.values()) Object.assign(change, { seq: ++seq, told: 0 });
  if (!down) rest();
}

export function behind(key, ack = 0) {
  const change = changes.get(key);
  if (!change) return false;
  if (ack < change.seq && (lost || !(change.told && performance.now() - change.told > PATIENCE))) return true;
  forget(key);
  return false;
}

export function forget(key) {
  changes.delete(key);
  mark();
}

// Whether the hand has gone further than an answer that says what it has taken; without one, than any answer so far.
export const ahead = (acks = {}) => [...changes.keys()].filter((key) => behind(key, acks[key])).length > 0;

// The link's entries as the hand would have them.
export const wished = () => Object.assign({}, ...[...changes.values()].map((change) => change.entries));
