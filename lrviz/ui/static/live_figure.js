// @ts-check
// The figures of a page. One of them, the live one, follows edits before the page does: it is asked for with the pending edits in
// its link, one question at a time, while the last answer is being drawn.
/** @import { Component, Entries } from "./component.js" */
/** @import { Point } from "./types.js" */

import { theme } from "./component.js";
import { loadPlotly } from "./files.js";
import { anyPending, leave, pendingEntries, record } from "./pending_edits.js";
import { makeTools } from "./picture.js";
import { inflate, mount } from "./stage.js";

/**
 * @typedef {object} Drawing what a figure draws; its still part is left out where it is known here
 * @property {string} key
 * @property {string} stillKey
 * @property {any} layout
 * @property {any[]} moving
 * @property {any} [stills]
 * @property {string} file
 * @property {Record<string, string>} facts what files saved from it carry
 */

/**
 * @typedef {Drawing & { held: boolean, fresh: boolean, acks: Record<string, number>, live: { url: string, own: string | null } | null, steps: boolean,
 *   dark: Record<string, string> }} Message what a run of the page's script sends
 */

/** @type {Set<Figure>} */
export const figures = new Set();

let told = false; // the page has been told that a file is gone, and has not yet said that it knows

export class Figure {
  /** @type {{ key: string, data: any[], frames: any[] } | null} */
  stills = null;
  /** @type {Drawing | null} */
  shown = null;
  /** @type {"light" | "dark" | null} */
  #theme = null;
  /** @type {ReturnType<typeof mount> | null} */
  #stage = null;
  /** @type {HTMLElement | null} */
  #tools = null;
  #ready;

  /**
   * @param {HTMLElement} root
   * @param {string} id
   */
  constructor(root, id) {
    this.root = root;
    this.id = id;
    /** @type {Component | null} */
    this.component = null;
    /** @type {Message | null} */
    this.message = null;
    figures.add(this);
    root.textContent = "Loading the figure…";
    this.#ready = loadPlotly().then(() => this.#mount());
  }

  #mount() {
    this.#stage = mount(this.root, {
      onStep: (at, value) => {
        if (this.message?.steps) this.#record("step", { at, value });
      },
      onPick: (point) => this.#record("pick", point, live === this ? { "~pick": `${point.x},${point.y}` } : null),
    });
    this.#tools = makeTools(() => ({
      stage: this.#stage,
      file: this.shown?.file ?? "",
      facts: this.shown?.facts ?? {},
    }));
  }

  /**
   * @param {"step" | "pick"} name
   * @param {Point | { at: number, value: number | string }} value
   * @param {Entries | null} entries
   */
  #record(name, value, entries = null) {
    record(`${this.id}/${name}`, (seq) => this.component?.setStateValue(name, { ...value, seq }), entries);
  }

  /**
   * A run of the page's script has come to this figure.
   * @param {Component} component
   * @param {Message} message
   */
  async receive(component, message) {
    this.component = component;
    this.message = message;
    anyPending(message.acks);
    if (message.held) told = false;
    if (message.live) live = this;
    try {
      await this.#ready;
    } catch (error) {
      this.root.textContent = `The figure could not be drawn: ${/** @type {Error} */ (error).message}. Reload the page.`;
      return;
    }
    if (this.message !== message) return;
    this.keepStills(message);
    if (message.live && this.shown && anyPending(message.acks)) redrawLive();
    else if (this.stills?.key !== message.stillKey) this.askForAll();
    else await this.draw(message);
  }

  /** Have the page draw this figure anew, its still part included. */
  askForAll() {
    this.component?.setTriggerValue("need", this.message?.stillKey);
  }

  /** The page has gone to another process, perhaps: have it drawn there, and say whether a file of the visitor's was open or drawn. */
  move() {
    const file = document.querySelector('[data-testid="stFileChip"]') !== null || Boolean(this.message?.held) || told;
    told = file;
    this.component?.setStateValue("found", { file, seq: performance.now() });
  }

  /** @param {Drawing} drawing */
  keepStills(drawing) {
    if (drawing.stills) this.stills = { key: drawing.stillKey, ...inflate(drawing.stills) };
  }

  /**
   * Draw what has arrived, unless it is on screen already.
   * @param {Drawing} drawing
   */
  async draw(drawing) {
    const wanted = theme(this.root);
    const same = this.shown?.key === drawing.key && this.#theme === wanted;
    this.shown = drawing;
    this.#theme = wanted;
    if (same || !this.stills) return;
    const figure = {
      data: [...this.stills.data, ...inflate(drawing.moving)],
      layout: inflate(drawing.layout),
      frames: this.stills.frames,
    };
    await this.#stage?.update(figure, wanted === "dark" ? (this.message?.dark ?? {}) : {});
    if (this.#tools) (this.root.querySelector(".lrviz-bar") ?? this.root).append(this.#tools);
  }

  destroy() {
    if (live === this) live = null;
    figures.delete(this);
    this.#stage?.destroy();
    leave(`${this.id}/step`);
    leave(`${this.id}/pick`);
  }
}

/** @type {Figure | null} */
let live = null;
let asking = false;
let again = false;
/** @type {Promise<void> | null} */
let drawing = null;

/** Draw the live figure as the pending edits would have it. */
export async function redrawLive() {
  again = true;
  if (asking) return;
  asking = true;
  try {
    while (again && live?.shown) {
      again = false;
      await ask(live);
    }
  } finally {
    asking = false;
  }
}

const BUSY = 503;
const RETRY = 250; // milliseconds, and up to as many again so that not all come back at once

/** @param {Figure} figure */
async function ask(figure) {
  const base = /** @type {Message} */ (figure.message);
  const pending = () => anyPending(figure.message?.acks);
  const response = await fetch(question(figure), { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  if (response?.status === BUSY) {
    await new Promise((done) => setTimeout(done, RETRY * (1 + Math.random())));
    again ||= pending(); // the page itself follows when the edits have been sent
    return;
  }
  const answer = response?.ok ? await response.json().catch(() => null) : null;
  await drawing;
  const late = figure.message !== base; // a run of the page has come in between: what it changed may be missing here
  if (late && pending()) again = true;
  else if (late) return;
  if (live !== figure || !answer?.key) return;
  figure.keepStills(answer);
  if (figure.stills?.key === answer.stillKey) drawing = figure.draw(answer);
}

/** @param {Figure} figure */
function question({ message, stills }) {
  const { facts, live } = /** @type {Message} */ (message);
  const query = new URLSearchParams(facts.link.split("?")[1] ?? "");
  for (const [key, text] of Object.entries(pendingEntries())) query.set(key, text);
  if (live?.own) query.set("~own", live.own);
  query.set("~still", stills?.key ?? "");
  return `${live?.url}?${query}`;
}
