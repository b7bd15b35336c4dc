// @ts-check
// The connection to the page's process, lost and found again: perhaps to another process, which knows nothing of this page.
//
// Streamlit connects again on its own, but asks for nothing: the first action would meet a session in which nothing has been drawn,
// and be lost. So the page is drawn anew at once, from its address; when that is done, whoever watches may go on.
const IDLE = "notRunning";
const APP = '[data-testid="stApp"]';

/** Whether the page has been drawn to its end, and no message has come since that draws it anew. */
export const isIdle = () =>
  /** @type {HTMLElement | null} */ (document.querySelector(APP))?.dataset.testScriptState === IDLE;

/**
 * @param {object} listeners
 * @param {() => void} listeners.lost the connection has broken
 * @param {() => void} listeners.ask it is back: have the page drawn
 * @param {() => void} listeners.found the page has been drawn
 * @param {() => void} listeners.drawn the page has been drawn to its end, now or at any other time
 */
export function watchConnection({ lost, ask, found, drawn }) {
  const app = /** @type {HTMLElement} */ (document.querySelector(APP));
  /** @type {"there" | "gone" | "asked" | "drawing"} */
  let state = "there";
  let elsewhere = false; // Back or Forward was pressed while nobody listened

  function look() {
    const { testConnectionState, testScriptState } = app.dataset;
    if (testConnectionState !== "CONNECTED") {
      if (state !== "gone") lost();
      state = "gone";
    } else if (state === "gone") {
      if (elsewhere) location.reload();
      state = "asked";
      ask();
    } else if (testScriptState !== IDLE) {
      if (state === "asked") state = "drawing";
    } else if (state !== "asked") {
      drawn();
      if (state === "drawing") found();
      state = "there";
    }
  }

  new MutationObserver(look).observe(app, {
    attributes: true,
    attributeFilter: ["data-test-connection-state", "data-test-script-state"],
  });
  if (app.dataset.testScriptState === IDLE) drawn();
  addEventListener("popstate", () => {
    elsewhere ||= state === "gone";
  });
}
