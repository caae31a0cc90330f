// Loaded before our source (bursar.js, scripts/test_run/test_process.mjs): a name that says where its file lies is that
// file. Node would ask the disk for each whether it is there, what it is a link to and which package it belongs to: a
// third of a start's work, and 15 MiB.
import { registerHooks } from "node:module";

const root = new URL("..", import.meta.url).href;
const others = `${root}node_modules/`;
const kit = /^#kit\/(?=.*\.ts$)/; // As `imports` of package.json says.
const near = /^\.\.?\//;

registerHooks({
  resolve(name, context, next) {
    const { parentURL: from = "", conditions } = context;
    const isOurs = name.endsWith(".ts") && from.startsWith(root) && !from.startsWith(others);
    if (isOurs && near.test(name)) return oursAt(new URL(name, from));
    if (isOurs && kit.test(name)) return oursAt(new URL(name.replace(kit, "src/kit/"), root));
    // In a package, an `import` names the whole file; a `require` may leave out how it ends. What kind of module it is
    // Node reads from the package.
    const isWhole = near.test(name) && name.endsWith(".js") && conditions.includes("import");
    return isWhole ? { url: new URL(name, from).href, shortCircuit: true } : next(name, context);
  },
});

function oursAt({ href }) {
  return { url: href, format: "module-typescript", shortCircuit: true };
}
