// @ts-check
// SVG and PNG straight from the browser, with the link, figure and version they came from written into the file.
/** @typedef {Record<string, string>} Facts */
/** @typedef {ReturnType<typeof import("./stage.js").mount>} Stage */

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** @param {Uint8Array} bytes */
const crc = (bytes) => (bytes.reduce((c, byte) => TABLE[(c ^ byte) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

/**
 * An iTXt chunk (PNG, third edition, 11.3.3.4): length, kind and text, checksum.
 * @param {string} key
 * @param {string} text
 */
function chunk(key, text) {
  const body = new TextEncoder().encode(`iTXt${key}\0\0\0\0\0${text}`);
  const out = new Uint8Array(body.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length - 4);
  out.set(body, 4);
  view.setUint32(body.length + 4, crc(body));
  return out;
}

const HEADER_END = 8 + 25; // the signature and the chunk IHDR, whose sizes never change

/**
 * @param {string} address
 * @param {Facts} facts
 */
async function png(address, facts) {
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  const texts = Object.entries(facts).map(([key, text]) => chunk(`lrviz:${key}`, text));
  return new Blob([bytes.slice(0, HEADER_END), ...texts, bytes.slice(HEADER_END)], { type: "image/png" });
}

/**
 * @param {string} address
 * @param {Facts} facts
 */
async function svg(address, facts) {
  const text = await (await fetch(address)).text();
  const words = JSON.stringify(facts).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return new Blob([text.replace(/<svg[^>]*>/, (tag) => `${tag}<metadata>${words}</metadata>`)], {
    type: "image/svg+xml",
  });
}

/**
 * A row of buttons.
 * @param {() => { stage: Stage | null, file: string, facts: Facts }} ask what to save, when a button is pressed
 */
export function makeTools(ask) {
  const tools = document.createElement("div");
  tools.className = "lrviz-tools";
  tools.innerHTML = `<button type="button" data-format="svg" title="Save as SVG">SVG</button>
    <button type="button" data-format="png" title="Save as PNG">PNG</button>
    <select aria-label="PNG scale"><option value="1">1&times;</option><option value="2" selected>2&times;</option><option value="4">4&times;</option></select>
    <label class="lrviz-loop" title="Save without a background"><input type="checkbox" /> clear</label>`;
  tools.addEventListener("click", async (event) => {
    const { format } = /** @type {HTMLElement} */ (event.target).dataset;
    const { stage, file, facts } = ask();
    if (!stage || (format !== "svg" && format !== "png")) return;
    const scale = format === "png" ? Number(tools.querySelector("select")?.value) : 1;
    const address = await stage.picture(format, scale, tools.querySelector("input")?.checked ?? false);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await (format === "png" ? png : svg)(address, facts));
    link.download = `${file}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
  return tools;
}
