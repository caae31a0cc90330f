// `npm run bench`: what a request to the sandbox costs. `npm run bench -- ingest`: how fast events are taken in and
// worked, beside a bare server and sync engines. `-- ties`: what becomes of two events of one second. `-- pressure`:
// a load while the database is disturbed. `-- commands`: what the journal costs. `-- year`: what renewals cost.
// `-- access`: what it costs to ask what a customer may use.
// Whatever is compared is measured in one run.

const runs: Readonly<Record<string, () => Promise<unknown>>> = {
  requests: () => import("./requests.ts"),
  ingest: () => import("./ingest/main.ts"),
  ties: () => import("./ties.ts"),
  pressure: () => import("./pressure.ts"),
  commands: () => import("./commands.ts"),
  year: () => import("./year/main.ts"),
  access: () => import("./access.ts"),
};

const name = process.argv[2] ?? "";
const run = runs[name];
if (run)
  process.argv.splice(2, 1); // what is left are its own flags
else if (name !== "" && !name.startsWith("-")) throw new Error(`No bench ${name}: ${Object.keys(runs).join(", ")}`);
await (run ?? runs.requests)?.();
