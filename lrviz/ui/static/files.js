// @ts-check
// The other files that figures in the app need: styles, the font and plotly.js, each fetched once.
import { HOME } from "./component.js";
import { declareFont } from "./font.js";

/** @param {string} name */
const address = (name) => new URL(name, HOME).href;

/** @param {string} name */
function addStyle(name) {
  const id = `lrviz-${name}`;
  if (document.getElementById(id)) return;
  document.head.append(Object.assign(document.createElement("link"), { id, rel: "stylesheet", href: address(name) }));
}

addStyle("stage.css");
addStyle("app.css");
declareFont({ 400: address("lrviz-sans-regular.woff2"), 700: address("lrviz-sans-bold.woff2") });

/** @type {Promise<unknown> | null} */
let plotly = null;

/** Resolves when plotly.js is here. */
export function loadPlotly() {
  plotly ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address("plotly.min.js");
    script.onload = done;
    script.onerror = () => {
      plotly = null;
      fail(new Error("the plotting library did not arrive"));
    };
    document.head.append(script);
  });
  return plotly;
}
