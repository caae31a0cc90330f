// Loaded before our source (bursar.js, scripts/test_run/test_process.mjs): a relative name of a .ts file is that file.
// Node would ask the disk for each whether it is there, what it is a link to and which package it belongs to: a third
// of a start's work, and 15 MiB.
import { registerHooks } from "node:module";

const root = new URL("..", import.meta.url).href;
const others = `${root}node_modules/`;

registerHooks({
  resolve(name, context, next) {
    const { parentURL: from = "" } = context;
    const isOurs = name.startsWith(".") && name.endsWith(".ts") && from.startsWith(root) && !from.startsWith(others);
    if (!isOurs) return next(name, context);
    return { url: new URL(name, from).href, format: "module-typescript", shortCircuit: true };
  },
});
