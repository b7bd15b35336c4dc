// The font of every figure: made known to the page, waited for before anything is measured or drawn, and put into
// pictures that leave the page.
const FAMILY = "lrviz Sans";
let files = {};

// {weight: address} of the font's files.
export function declareFont(addresses) {
  files = addresses;
  for (const [weight, address] of Object.entries(files)) {
    document.fonts.add(new FontFace(FAMILY, `url("${address}")`, { weight }));
  }
}

// Resolves when the font is here. Where it cannot be had, the next one of the family list is measured and drawn.
export async function fontReady() {
  await Promise.allSettled(Object.keys(files).map((weight) => document.fonts.load(`${weight} 16px "${FAMILY}"`)));
}

async function asData(source) {
  const address = String(source);
  if (address.startsWith("data:")) return address;
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `data:font/woff2;base64,${btoa(text)}`;
}

// A drawn plot as a picture in a `data:` address, with the font inside where it is an SVG.
export async function picture(plot, { format, ...options }, draw = window.Plotly.toImage) {
  const drawn = await draw(plot, { ...options, format: "svg" });
  const svg = await dressed(decodeURIComponent(drawn.slice(drawn.indexOf(",") + 1)));
  return format === "svg" ? `data:image/svg+xml,${encodeURIComponent(svg)}` : painted(svg);
}

// An SVG with the weights of the font that it uses; a file or an image knows nothing of the fonts of a page.
export async function dressed(svg) {
  const used = Object.entries(files).filter(
    ([weight]) => Number(weight) < 600 || /font-weight: ?(bold|[6-9]00)/.test(svg),
  );
  const rules = used.map(
    async ([weight, address]) =>
      `@font-face{font-family:"${FAMILY}";font-weight:${weight};src:url(${await asData(address)})}`,
  );
  const style = `<style>${(await Promise.all(rules)).join("")}</style>`;
  return svg.replace(/<svg[^>]*>/, (tag) => tag + style);
}

async function painted(svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml;charset=utf-8" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png");
  } finally {
    URL.revokeObjectURL(address);
  }
}
