// The glue between Streamlit's components and our own modules: what arrives is unpacked and drawn, what the
// hand does is sent back, never more than one run ahead of the page.
import { inflate, mount } from "./stage.js";
import { makeTools } from "./picture.js";
import { slider as drawSlider } from "./slider.js";

const HERE = new URL(".", import.meta.url);
const senders = new Map();
// The stage whose part of the page redraws alone: what is being dragged travels with it, so that nothing else is redrawn.
let live = null;

function once(id, make) {
  let element = document.getElementById(id);
  if (!element) {
    element = make();
    element.id = id;
    document.head.append(element);
  }
  return element;
}

function style(name) {
  once(`lrviz-${name}`, () => Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL(name, HERE) }));
}
style("stage.css");
style("app.css");

let plotly = null;
function loadPlotly() {
  plotly ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = new URL("plotly.min.js", HERE);
    script.onload = done;
    script.onerror = () => {
      plotly = null;
      fail(new Error("the plotting library did not arrive"));
    };
    document.head.append(script);
  });
  return plotly;
}

// One value at a time is on its way; the newest waiting one follows when the page has answered (see `pulse`).
// After two seconds without an answer the next is sent all the same.
export class Sender {
  constructor(key, send) {
    this.send = send;
    this.seq = Date.now();
    this.waiting = null;
    this.flying = 0;
    this.last = "";
    senders.set(key, this);
  }
  push(value, rest) {
    this.waiting = { ...value, rest };
    if (!this.flying) this.fly();
  }
  fly() {
    if (!this.waiting) return;
    const text = JSON.stringify(this.waiting);
    const value = this.waiting;
    this.waiting = null;
    if (text === this.last) return;
    this.last = text;
    this.flying = ++this.seq;
    this.timer = setTimeout(() => this.ack(this.flying), 2000);
    this.send({ ...value, seq: this.flying });
  }
  ack(seq) {
    if (seq !== this.flying) return;
    clearTimeout(this.timer);
    this.flying = 0;
    this.fly();
  }
  // True while the hand is ahead of the page: what arrives then is older than what it shows.
  get ahead() {
    return Boolean(this.flying || this.waiting);
  }
}

export function pulse({ data }) {
  for (const [key, seq] of Object.entries(data ?? {})) senders.get(key)?.ack(seq);
}

function theme(element) {
  const colour = getComputedStyle(element).getPropertyValue("--st-background-color").trim();
  const [r, g, b] = rgb(colour);
  return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? "dark" : "light";
}

function rgb(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour || "#fff";
  const hex = context.fillStyle;
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

export async function stage(component) {
  const { parentElement: root, data, setStateValue, setTriggerValue } = component;
  const message = JSON.parse(new TextDecoder().decode(data));
  let self = root.lrviz;
  if (!self) {
    self = root.lrviz = { stills: null };
    root.textContent = "Loading the figure…";
    self.step = new Sender(`${message.key}/step`, (value) => setStateValue("step", value));
    self.pick = new Sender(`${message.key}/pick`, (value) => setStateValue("pick", value));
    self.ready = loadPlotly().then(() => {
      self.stage = mount(root, {
        onStep: (at, value) => self.message.steps && self.step.push({ at, value }, true),
        onPick: (point, rest) => self.pick.push(point, rest),
      });
      self.tools = makeTools(() => ({ picture: self.stage.picture, file: self.message.file, facts: self.message.facts }));
    });
  }
  self.message = message;
  if (message.live) live = { root, send: (value) => setStateValue("live", value) };
  if (message.stills) self.stills = { key: message.stillKey, ...inflate(message.stills) };
  try {
    await self.ready;
  } catch (error) {
    root.textContent = `The figure could not be drawn: ${error.message}. Reload the page.`;
    return;
  }
  // Let the pulse of the same run through first: the next value travels and is computed while this one is drawn.
  await new Promise((next) => setTimeout(next));
  if (self.message === message) {
    if (self.stills?.key !== message.stillKey) setTriggerValue("need", message.stillKey);
    else await draw(self, root);
  }
  return () => {
    if (live?.root === root) live = null;
    self.stage?.destroy();
    senders.delete(`${message.key}/step`);
    senders.delete(`${message.key}/pick`);
    delete root.lrviz;
  };
}

async function draw(self, root) {
  const { message, stills } = self;
  const figure = {
    data: [...stills.data, ...inflate(message.moving)],
    layout: inflate(message.layout),
    frames: stills.frames,
    stillKey: message.stillKey,
  };
  await self.stage.update(figure, theme(root) === "dark" ? message.dark : {});
  (root.querySelector(".lrviz-bar") ?? root).append(self.tools);
}

export function slider(component) {
  const { parentElement: root, data, setStateValue } = component;
  if (!root.lrviz) {
    const sender = new Sender(data.key, (value) => {
      if (live && !value.rest) live.send({ ...value, key: data.key });
      else setStateValue("slid", value);
    });
    root.lrviz = drawSlider(root, (values, rest) => sender.push({ values, unset: root.lrviz.unset }, rest));
    root.lrviz.sender = sender;
  }
  root.lrviz.unset = data.unset;
  const which = theme(root) === "dark" ? 1 : 0;
  root.lrviz.update({ ...data, colours: data.colours.map((pair) => pair[which]) }, root.lrviz.sender.ahead);
  return () => {
    senders.delete(data.key);
    root.replaceChildren();
    delete root.lrviz;
  };
}
