// THE ARCHITECTURE, as data: who lives where and who may import whom. ARCHITECTURE.md explains it; tidy.test.ts keeps
// it.

export interface Layer {
  /** A folder of the repository, or a file. The longest match decides where a file lives. */
  readonly place: string;
  /** Places it may import from, besides itself. */
  readonly may: readonly string[];
  /** npm packages its values may come from. `import type` from `stripe` is free everywhere. */
  readonly packages?: readonly string[];
}

const sandboxKernel = ["src/kit", "src/sandbox/kernel", "src/sandbox/generated"];
const billingKernel = ["src/kit", "src/billing/kernel", "src/billing/api"];

/** The rooms of a kernel, bottom to top: each may import those below it. */
interface Kernel {
  readonly place: string;
  readonly may: readonly string[];
  readonly packages?: readonly string[];
  readonly rooms: readonly string[];
  /** Files that take values of a package beside those of their room; their arrows are the room's. */
  readonly guests?: readonly { readonly room: string; readonly file: string; readonly packages: readonly string[] }[];
}

const kernels: readonly Kernel[] = [
  {
    place: "src/sandbox/kernel",
    may: ["src/kit", "src/sandbox/generated"],
    rooms: ["words", "schema", "versions", "timeline", "records", "store", "state", "time", "keep", "answer", "wire"],
  },
  {
    place: "src/billing/kernel",
    may: ["src/kit", "src/billing/api"],
    packages: ["kysely"],
    rooms: ["store", "stripe", "contract", "outbox", "changes", "journal", "inbox", "timers"],
    guests: [{ room: "stripe", file: "gateway.ts", packages: ["stripe"] }],
  },
];

const kernelRooms: readonly Layer[] = kernels.flatMap(({ place, may, packages = [], rooms, guests = [] }) =>
  rooms.flatMap((room, index) => {
    const below = [...may, ...rooms.slice(0, index).map((other) => `${place}/${other}`)];
    const files = guests.filter((guest) => guest.room === room);
    return [
      { place: `${place}/${room}`, may: below, packages },
      ...files.map((guest) => ({
        place: `${place}/${room}/${guest.file}`,
        may: [...below, `${place}/${room}`],
        packages: [...packages, ...guest.packages],
      })),
    ];
  }),
);

export const layers: readonly Layer[] = [
  ...kernelRooms,
  { place: "src/kit", may: [], packages: ["pino", "kysely", "pg"] },
  { place: "src/kit/browser/testing.ts", may: ["src/kit/testing.ts"], packages: ["playwright-core", "axe-core"] },
  { place: "src/sandbox/kernel", may: ["src/kit", "src/sandbox/generated"] },
  { place: "src/sandbox/generated", may: [] },
  { place: "src/sandbox/reckoning", may: ["src/kit"] },
  { place: "src/sandbox/resources", may: [...sandboxKernel, "src/sandbox/reckoning"] },
  { place: "src/sandbox/delivery", may: [...sandboxKernel, "src/sandbox/resources"], packages: ["ws"] },
  { place: "src/sandbox/pages", may: [...sandboxKernel, "src/sandbox/reckoning"], packages: ["hono"] },
  { place: "src/sandbox/stripe_mock", may: sandboxKernel },
  { place: "src/sandbox/options.ts", may: sandboxKernel },
  { place: "src/sandbox/claims.ts", may: [...sandboxKernel, "src/sandbox/resources", "src/sandbox/delivery"] },
  { place: "src/sandbox/create_world.ts", may: [...sandboxKernel, "src/sandbox/options.ts"] },
  {
    place: "src/sandbox/outside.ts",
    may: [...sandboxKernel, "src/sandbox/options.ts", "src/sandbox/resources"],
  },
  {
    place: "src/sandbox/assemble.ts",
    may: [
      ...sandboxKernel,
      "src/sandbox/options.ts",
      "src/sandbox/create_world.ts",
      "src/sandbox/outside.ts",
      "src/sandbox/claims.ts",
      "src/sandbox/resources",
      "src/sandbox/delivery",
      "src/sandbox/stripe_mock",
      "src/sandbox/pages",
    ],
  },
  {
    place: "src/sandbox/index.ts",
    may: [...sandboxKernel, "src/sandbox/options.ts", "src/sandbox/outside.ts", "src/sandbox/assemble.ts"],
  },
  { place: "src/billing/api", may: ["src/kit"] },
  { place: "src/billing/options.ts", may: ["src/kit", "src/billing/api"] },
  { place: "src/billing/kernel", may: ["src/kit", "src/billing/api"], packages: ["kysely"] },
  { place: "src/billing/resources", may: billingKernel, packages: ["kysely", "zod"] },
  {
    place: "src/billing/http",
    may: [...billingKernel, "src/billing/resources"],
    packages: ["hono", "@hono/node-server", "@hono/zod-openapi", "zod", "standardwebhooks", "kysely"],
  },
  {
    place: "src/billing/rooms.ts",
    may: ["src/kit", "src/billing/kernel", "src/billing/resources", "src/billing/http"],
  },
  {
    place: "src/billing/index.ts",
    may: [
      ...billingKernel,
      "src/billing/options.ts",
      "src/billing/rooms.ts",
      "src/billing/resources",
      "src/billing/http",
    ],
  },
  { place: "src/sandbox/testing.ts", may: ["src/kit", "src/sandbox"], packages: ["stripe"] },
  { place: "src/sandbox/resources/testing.ts", may: ["src/kit", "src/sandbox"], packages: ["stripe"] },
  { place: "src/sandbox/resources/invoices/testing.ts", may: ["src/kit", "src/sandbox"], packages: ["stripe"] },
  { place: "src/sandbox/resources/subscriptions/testing.ts", may: ["src/kit", "src/sandbox"], packages: ["stripe"] },
  {
    place: "src/sandbox/resources/subscription_schedules/testing.ts",
    may: ["src/kit", "src/sandbox"],
    packages: ["stripe"],
  },
  {
    place: "src/sandbox/pages/testing",
    may: ["src/kit", "src/sandbox"],
    packages: ["stripe", "esbuild"],
  },
  { place: "src/billing/http/testing.ts", may: ["src/kit", "src/billing", "src/sandbox/index.ts"] },
  {
    place: "src/billing/http/pages/testing.ts",
    may: ["src/kit", "src/billing", "src/sandbox/index.ts"],
    packages: ["@hono/node-server", "playwright-core"],
  },
  {
    place: "src/billing/testing",
    may: ["src/kit", "src/billing", "src/testing/index.ts"],
    packages: ["kysely", "pg", "stripe"],
  },
  {
    place: "src/testing",
    may: ["src/kit", "src/sandbox/index.ts", "src/billing/index.ts"],
    packages: ["stripe", "kysely"],
  },
  { place: "src/calibration", may: ["src/kit"] },
  {
    place: "src/cli",
    may: [
      "src/kit",
      "src/calibration",
      "src/sandbox/index.ts",
      "src/billing/index.ts",
      "src/billing/api",
      "src/billing/http/node.ts",
      "examples/shop",
    ],
    packages: ["commander", "bursar"],
  },
  { place: "examples", may: [], packages: ["bursar"] },
  { place: "examples/shop/testing.ts", may: ["src/kit", "examples"], packages: ["bursar"] },
  { place: "examples/shop/shop.browser.test.ts", may: ["src/kit", "examples"], packages: ["bursar"] },
  { place: "examples/shop/club/club.browser.test.ts", may: ["src/kit", "examples"], packages: ["bursar"] },
  {
    place: "scripts",
    may: ["src/calibration", "src/sandbox/kernel/schema", "src/sandbox/resources", "bin/near.mjs"],
    packages: ["typescript6"],
  },
  { place: "scripts/test_run/test_group.mjs", may: ["scripts/test_run/test_process.mjs", "src/kit/sql/testing.ts"] },
  {
    place: "scripts/reference",
    may: [
      "src/calibration",
      "src/kit",
      "src/sandbox/index.ts",
      "src/sandbox/kernel/records/fault_kinds.ts",
      "src/sandbox/kernel/timeline/waits.ts",
      "src/sandbox/resources/index.ts",
      "src/sandbox/resources/payment_methods/defaults.table.ts",
      "src/sandbox/resources/payment_methods/test_cards.table.ts",
      "src/sandbox/resources/payment_methods/test_ibans.table.ts",
      "test/billing_observed",
    ],
  },
  { place: "bin", may: [] },
  {
    place: "bench",
    may: ["src/kit", "src/sandbox/assemble.ts", "src/sandbox/kernel"],
    packages: ["bursar", "stripe", "pg", "hono", "@hono/node-server"],
  },
  { place: "stories", may: ["src/kit"], packages: ["bursar", "stripe"] },
];

/** Folders of resources: each one's index.ts is the order, bottom to top; above it lies what has no manifest. */
export const resourceFolders: readonly { readonly place: string; readonly above: readonly string[] }[] = [
  { place: "src/sandbox/resources", above: [] },
  { place: "src/billing/resources", above: ["repair"] },
];

/** What the words of a kernel's own may be, although a folder of resources is called so. */
export const kernelWords: Readonly<Record<string, readonly string[]>> = {
  "src/sandbox": ["account", "event"], // whose key asks; what a unit buffers and a history tells
  "src/billing": ["customer", "method"], // whose an object of Stripe is, the lane of its receipts; what a request does
};

/** The two halves: what they throw is a Problem. */
export const halves: readonly string[] = ["src/billing", "src/sandbox", "src/testing"];

/** Files that nobody imports because something outside starts them. */
export const entryPoints: readonly string[] = [
  "src/billing/index.ts",
  "src/billing/http/node.ts",
  "src/sandbox/index.ts",
  "src/testing/index.ts",
  "src/billing/testing/prepare.ts", // a process around a run of tests
  "src/cli/main.ts",
  "src/cli/exec_guard.ts", // loaded by Node itself, into other programs
  "src/sandbox/pages/stripe_js/stripe.js", // joined with its like into one script by pages/script.ts
  "src/sandbox/kernel/schema/response.ts", // what tests hold answers against
];

/** Where clocks, chance, timers and I/O may be touched: the kit that wraps them and the outermost wiring. */
export const wiring: readonly string[] = [
  "src/kit",
  "src/cli",
  "src/sandbox/pages/testing", // starts browsers
  "src/sandbox/pages/stripe_js", // runs in a shop's page, where the browser is all there is
  "bin",
  "scripts",
  "bench",
  "examples",
];

export const functionLinesMax = 70;
export const fileLinesMax = 500;
export const lineColumnsMax = 120;
/** Files of a folder's own, without tests and tables of data. */
export const folderFilesMax = 14;

/** Arguments beside the context. */
export const argumentsMax = 3;
/** What a function is handed to work in; it comes first and is not counted. */
export const contexts: readonly string[] = [
  "unit",
  "noun",
  "machine",
  "object",
  "core",
  "world",
  "tx",
  "reader",
  "document",
  "context",
  "t",
];
