// @ts-check
// What a page needs that cannot import modules: an exported HTML file, and the page in which Kaleido draws. `make bundle` joins
// this and all it imports into offline.bundle.js, a plain script with these names in `lrviz`.
export { inflate } from "./figure.js";
export { declareFont } from "./font.js";
export { replaceToImage } from "./print.js";
export { mount } from "./stage.js";
