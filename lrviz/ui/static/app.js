// @ts-check
// Our two components, as Streamlit calls them. An edit (a slider moved, a point picked) is shown at once and sent to the page when
// the pointer is let go (pending_edits.js).
/** @import { Component } from "./component.js" */

import { stillMounted, theme, unpacked } from "./component.js";
import { watchConnection } from "./connection.js";
import { Figure, figures, redrawLive } from "./live_figure.js";
import { drawn, isPending, leave, onEdit, onPress, pause, record, resume } from "./pending_edits.js";
import { follow, outdated, replace } from "./release.js";
import { Slider } from "./slider.js";

/** @type {Figure | undefined} */
let latest;

// A figure that has left can still be spoken through: Streamlit takes all away when the files of another release are on their way.
const speaker = () => [...figures][0] ?? latest;

if (outdated) replace();
else watch();

function watch() {
  onEdit(redrawLive);
  onPress((presses) => speaker()?.component?.setStateValue("pressed", presses));
  watchConnection({
    lost: pause,
    ask: () => speaker()?.move(),
    found: resume,
    drawn,
  });
}

/** @param {Component} component */
export async function stage(component) {
  const root = component.parentElement;
  const message = unpacked(component);
  if (outdated) return follow(component, message);
  root.lrviz ??= new Figure(root, message.id);
  const figure = /** @type {Figure} */ (root.lrviz);
  latest = figure;
  await figure.receive(component, message);
  return () => {
    if (stillMounted(root)) return;
    figure.destroy();
    delete root.lrviz;
  };
}

/** @param {Component} component */
export function slider(component) {
  const root = component.parentElement;
  if (outdated) return;
  const data = unpacked(component);
  root.lrviz ??= { slider: new Slider(root, (values) => edit(root, values)) };
  Object.assign(root.lrviz, { component, data });
  const which = theme(root) === "dark" ? 1 : 0;
  const colours = data.colours.map((/** @type {string[]} */ pair) => pair[which]);
  root.lrviz.slider.update({ ...data, ack: null, colours }, isPending(data.key, data.ack));
  return () => {
    if (stillMounted(root)) return;
    leave(data.key);
    root.replaceChildren();
    delete root.lrviz;
  };
}

/**
 * @param {Component["parentElement"]} root a slider's
 * @param {number[]} values
 */
function edit({ lrviz }, values) {
  const { key, setting, unset } = lrviz.data;
  const text = values.length === 1 && values[0] === unset ? "" : values.join(",");
  record(key, (seq) => lrviz.component.setStateValue("slid", { values, unset, seq }), { [setting]: text });
}
