// The glue between Streamlit's components and our own modules: what arrives is unpacked and drawn, what the
// hand does is shown at once and told to the page when the hand rests (hand.js).
import { watchConnection } from "./connection.js";
import { declareFont } from "./font.js";
import { ahead, behind, find, forget, lose, moved, watch, wished } from "./hand.js";
import { makeTools } from "./picture.js";
import { slider as drawSlider } from "./slider.js";
import { inflate, mount } from "./stage.js";

const HERE = new URL(".", import.meta.url);
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
  once(`lrviz-${name}`, () =>
    Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL(name, HERE) }),
  );
}
style("stage.css");
style("app.css");
declareFont({ 400: new URL("lrviz-sans-regular.woff2", HERE), 700: new URL("lrviz-sans-bold.woff2", HERE) });

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

const unpacked = ({ data }) => JSON.parse(new TextDecoder().decode(data));

// Streamlit has a component clean up when it leaves the page, but also after a call that was not done when the next one came.
const overtaken = (root) => root.isConnected;

// What the files of another release have drawn, before the page moved to a process of this one, is drawn anew from its address,
// with what the hand has changed there.
function outdated({ lrviz }) {
  if (!lrviz || lrviz.home === HERE.href) return false;
  const address = new URL(window.location);
  for (const [key, text] of Object.entries(lrviz.wished?.() ?? {}))
    if (!key.startsWith("~")) address.searchParams.set(key, text);
  window.location.replace(address);
  return true;
}

const stages = new Set();
watchConnection({
  lost: lose,
  ask: () => {
    const [first] = stages;
    first?.component.setTriggerValue("need", first.message.stillKey);
  },
  drawn: find,
});

export async function stage(component) {
  const { parentElement: root, setTriggerValue } = component;
  if (outdated(root)) return;
  const message = unpacked(component);
  root.lrviz ??= begin(root, message.id);
  const self = root.lrviz;
  self.component = component;
  self.message = message;
  if (message.live) live = self;
  try {
    await self.ready;
  } catch (error) {
    root.textContent = `The figure could not be drawn: ${error.message}. Reload the page.`;
    return;
  }
  if (self.message === message) {
    keepStills(self, message);
    if (message.live && self.shown && ahead(message.acks)) ask();
    else if (self.stills?.key !== message.stillKey) setTriggerValue("need", message.stillKey);
    else await draw(self, message);
  }
  return () => {
    if (overtaken(root)) return;
    if (live === self) live = null;
    stages.delete(self);
    self.stage?.destroy();
    forget(self.keys.step);
    forget(self.keys.pick);
    delete root.lrviz;
  };
}

function begin(root, id) {
  const self = {
    root,
    home: HERE.href,
    wished,
    stills: null,
    shown: null,
    theme: null,
    keys: { step: `${id}/step`, pick: `${id}/pick` },
  };
  const tell = (name, value, entries) =>
    moved(self.keys[name], (seq) => self.component.setStateValue(name, { ...value, seq }), entries);
  stages.add(self);
  root.textContent = "Loading the figure…";
  self.ready = loadPlotly().then(() => {
    self.stage = mount(root, {
      onStep: (at, value) => self.message.steps && tell("step", { at, value }),
      onPick: (point) => tell("pick", point, self === live ? { "~pick": `${point.x},${point.y}` } : null),
    });
    self.tools = makeTools(() => ({
      picture: (...options) => self.stage.picture(...options),
      file: self.shown.file,
      facts: self.shown.facts,
    }));
  });
  return self;
}

function keepStills(self, drawing) {
  if (drawing.stills) self.stills = { key: drawing.stillKey, ...inflate(drawing.stills) };
}

// Draw what has arrived, unless it is on screen already.
async function draw(self, drawing) {
  const wanted = theme(self.root);
  const same = self.shown?.key === drawing.key && self.theme === wanted;
  Object.assign(self, { shown: drawing, theme: wanted });
  if (same) return;
  const figure = {
    data: [...self.stills.data, ...inflate(drawing.moving)],
    layout: inflate(drawing.layout),
    frames: self.stills.frames,
  };
  await self.stage.update(figure, wanted === "dark" ? self.message.dark : {});
  (self.root.querySelector(".lrviz-bar") ?? self.root).append(self.tools);
}

// ---- the live figure ---------------------------------------------------------------------------------------

// The stage that follows the hand: asked for as the hand would have it, one question at a time, while the last answer is drawn.
let live = null;
let asking = false;
let again = false;
let drawing = null;

async function ask() {
  again = true;
  if (asking) return;
  asking = true;
  try {
    while (again && live?.shown) {
      again = false;
      await follow(live);
    }
  } finally {
    asking = false;
  }
}

const BUSY = 503;
const RETRY = 250; // milliseconds, and up to as many again so that not all come back at once
async function follow(self) {
  const base = self.message;
  const response = await fetch(question(self), { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  if (response?.status === BUSY) {
    await new Promise((done) => setTimeout(done, RETRY * (1 + Math.random())));
    again ||= ahead(self.message.acks); // the page itself follows when the hand rests
    return;
  }
  const answer = response?.ok ? await response.json().catch(() => null) : null;
  await drawing;
  const late = self.message !== base; // a run of the page has come in between: what it changed may be missing here
  if (late && ahead(self.message.acks)) again = true;
  else if (late) return;
  if (live !== self || !answer?.key) return;
  keepStills(self, answer);
  if (self.stills.key === answer.stillKey) drawing = draw(self, answer);
}
watch(ask);

function question({ message, stills }) {
  const query = new URLSearchParams(message.facts.link.split("?")[1] ?? "");
  for (const [key, text] of Object.entries(wished())) query.set(key, text);
  if (message.live.own) query.set("~own", message.live.own);
  query.set("~still", stills.key);
  return `${message.live.url}?${query}`;
}

// ---- the live slider ---------------------------------------------------------------------------------------

export function slider(component) {
  const { parentElement: root } = component;
  if (outdated(root)) return;
  const data = unpacked(component);
  root.lrviz ??= drawSlider(root, (values) => {
    const { key, setting, unset } = root.lrviz.data;
    const text = values.length === 1 && values[0] === unset ? "" : values.join(",");
    moved(key, (seq) => root.lrviz.component.setStateValue("slid", { values, unset, seq }), { [setting]: text });
  });
  Object.assign(root.lrviz, { component, data, home: HERE.href, wished });
  const which = theme(root) === "dark" ? 1 : 0;
  root.lrviz.update(
    { ...data, ack: null, colours: data.colours.map((pair) => pair[which]) },
    behind(data.key, data.ack),
  );
  return () => {
    if (overtaken(root)) return;
    forget(data.key);
    root.replaceChildren();
    delete root.lrviz;
  };
}
