// Join the modules that a page on its own needs (exported HTML, the page in which Kaleido draws) into one script: `make bundle`.
// Its first line names the files that went in and their checksum, by which a test sees, without Node, whether it is current.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const target = process.argv[2] ?? "lrviz/figures/static/offline.bundle.js";
const { outputFiles, metafile } = await build({
  entryPoints: ["lrviz/figures/static/offline.js"],
  outfile: "offline.bundle.js",
  bundle: true,
  format: "iife",
  globalName: "lrviz",
  charset: "utf8",
  target: "es2022",
  metafile: true,
  write: false,
});
const sources = Object.keys(metafile.inputs).sort();
const checksum = sources.reduce((hash, path) => hash.update(readFileSync(path)), createHash("sha256")).digest("hex");
writeFileSync(target, `// ${sources.map((path) => basename(path)).join(" ")}: ${checksum}\n${outputFiles[0].text}`);
