// @ts-check
// What pages that cannot import modules use: an exported HTML file, and the page in which Kaleido draws. `make bundle` joins this
// and all it imports into offline.bundle.js, a plain script that defines `lrviz` with these names.
export { inflate } from "./figure.js";
export { declareFont } from "./font.js";
export { replaceToImage } from "./kaleido.js";
export { mount } from "./stage.js";
