// One row of the bench, in a process of its own: subscriptions are made, then so many months pass.
// It prints what that took as one line of JSON. `--expose-gc`, so that what is held can be told from what is not.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createSandbox } from "bursar/sandbox";
import { dayMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";

export interface Row {
  readonly subscriptions: number;
  readonly months: number;
  /** The version of an endpoint that hears everything, and answers at once. */
  readonly endpoint?: string;
  /** Everything outlives the process. */
  readonly isKept?: boolean;
}

export interface Figures {
  readonly cpuSeconds: number;
  readonly renewals: number;
  readonly events: number;
  readonly peakBytes: number;
  /** What the heap holds more of than before, for each renewal. */
  readonly heldBytes: number;
}

const key = "sk_test_year";
const monthMs = 30.5 * dayMs;

console.log(JSON.stringify(await measure(JSON.parse(process.argv[2] ?? "") as Row)));
process.exit(); // Its loops are nobody's business any more.

async function measure(row: Row): Promise<Figures> {
  const dataFolder = row.isKept ? mkdtempSync(path.join(tmpdir(), "bursar-year-")) : undefined;
  const measured = open(row, dataFolder);
  await fill(measured, row.subscriptions);
  Object.assign(measured.told, { renewals: 0, events: 0 });
  const heldBefore = heapUsed();
  const begun = process.cpuUsage();
  await measured.clock.advance(row.months * monthMs);
  const { user, system } = process.cpuUsage(begun);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const { renewals, events } = measured.told;
  const heldBytes = (heapUsed() - heldBefore) / renewals;
  await measured.sandbox.close();
  if (dataFolder) rmSync(dataFolder, { recursive: true });
  return { cpuSeconds: (user + system) / 1_000_000, renewals, events, peakBytes, heldBytes };
}

type Measured = ReturnType<typeof open>;

function open({ endpoint }: Row, dataFolder: string | undefined) {
  const ports = testPorts({ seed: 1, fetch: async () => new Response("") });
  const told = { renewals: 0, events: 0 };
  const hook = { key, url: "http://localhost/hook", secret: "whsec_year" };
  const sandbox = createSandbox({
    ...ports,
    ...(dataFolder !== undefined && { dataFolder }),
    ...(endpoint !== undefined && { webhookEndpoints: [{ ...hook, api_version: endpoint }] }),
    onLine: ({ kind, text }) => {
      if (kind === "event") told.events++;
      if (kind === "event" && text === "invoice.paid") told.renewals++;
    },
  });
  sandbox.start();
  return { sandbox, clock: ports.clock, told };
}

/** Spread over the month, as people come. */
async function fill({ sandbox, clock }: Measured, subscriptions: number): Promise<void> {
  const post = async (at: string, form: Readonly<Record<string, string>>) => {
    const init = { method: "POST", headers: { authorization: `Bearer ${key}` }, body: new URLSearchParams(form) };
    const answer = await sandbox.fetch(new Request(`http://sandbox${at}`, init));
    if (answer.status !== 200) throw new Error(await answer.text());
    return (await answer.json()) as { readonly id: string };
  };
  const monthly = { currency: "usd", unit_amount: "1000", "recurring[interval]": "month" };
  const { id: price } = await post("/v1/prices", { ...monthly, "product_data[name]": "Gold" });
  for (let nth = 0; nth < subscriptions; nth++) {
    const { id: customer } = await post("/v1/customers", { name: "Ada", email: `ada${nth}@shop.test` });
    const { id: method } = await post("/v1/payment_methods/pm_card_visa/attach", { customer });
    await post(`/v1/customers/${customer}`, { "invoice_settings[default_payment_method]": method });
    await post("/v1/subscriptions", { customer, "items[0][price]": price });
    await clock.advance(Math.floor((27 * dayMs) / subscriptions));
  }
  await clock.advance(2 * dayMs);
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
