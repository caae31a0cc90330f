#!/usr/bin/env node
// Runs on any Node, if only to say which one is needed. In the repository it starts the TypeScript source, in the
// published package the compiled JavaScript.
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

const nodeMajorMin = 24;
const source = new URL("../src/cli/main.ts", import.meta.url);
const compiled = new URL("../dist/cli/main.js", import.meta.url);

if (Number(process.versions.node.split(".")[0]) < nodeMajorMin) {
  process.stderr.write(
    "Bursar needs Node " +
      nodeMajorMin +
      " or newer; this is Node " +
      process.version +
      ".\n" +
      "Install one from https://nodejs.org, or in a clone of the repository use npm start, which brings its own.\n",
  );
  process.exitCode = 1;
} else if (existsSync(source)) {
  // Source whose types were taken away once is kept: a third of the time to ready and 20 MiB less, because the stripper
  // is not even loaded. Not in the machine's common temporary folder, where another user could lay code for us.
  nodeModule.enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/bursar", import.meta.url)));
  // What is not kept yet is stripped once. V8 would optimize the stripper meanwhile, which costs twice what it gives.
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  import("./near.mjs").then(() => start(source));
} else start(compiled);

function start(cli) {
  import(cli.href)
    .then(({ main }) => main(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    });
}
