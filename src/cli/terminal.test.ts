// `bursar dev` as a person sees it: in a terminal of 80 columns, a line for each step of an order.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { portDefaults } from "./options.ts";
import { inTerminal, newCustomer, newFolder, startBursar, startDev, until } from "./testing.ts";

const command = inTerminal();
const noTerminal = "no python3, which makes the terminal";

test("in a terminal an order's refusal, payment, parcel and refund are a line each, and the README's", async (t) => {
  if (!command) return t.skip(noTerminal);
  const env = { npm_lifecycle_event: "start" };
  const dev = await startDev(t, { command, env, cwd: newFolder(t), data: "./var" });
  const seen = (step: string) => until(step, async () => dev.output().includes(step));

  await (await newCustomer(dev.shop)).order("mug");
  await dev.payAtStripe("order_1001", "pm_card_chargeDeclinedInsufficientFunds");
  await seen("refused");
  await dev.payAtStripe("order_1001", "pm_card_visa");
  await seen("packed");
  await dev.rest("/v1/refunds", { id: "r1", orderId: "order_1001", amount: 500 });
  await seen("refunded");
  assert.equal(await dev.end("SIGINT"), 0, "by Ctrl-C");

  const lines = dev.output().split(/\r?\n/);
  for (const line of lines) assert.ok(line.length <= 80, `${line.length} columns: ${line}`);
  const steps = lines.filter((line) => /^\d\d:\d\d:\d\d /.test(line)).map((line) => line.slice("00:00:00  ".length));
  assert.deepEqual(steps, [
    "ordered     order_1001         18.00 EUR  visitor_1",
    "refused     order_1001         18.00 EUR  the bank: insufficient_funds",
    "paid        order_1001         18.00 EUR  visitor_1",
    "packed      order_1001                    the shop",
    "refunded    order_1001          5.00 EUR  refund r1",
  ]);
  const transcript = alike(lines.join("\n"));
  for (const piece of piecesOfReadme()) assert.ok(transcript.includes(alike(piece)), `not printed:\n${piece}`);
});

test("ports that others have are a line each, whole in the same terminal", async (t) => {
  if (!command) return t.skip(noTerminal);
  for (const port of Object.values(portDefaults)) keepTaken(t, port);
  const dev = startBursar(t, ["dev", "--data", newFolder(t)], {}, { command });
  await dev.find(/Ctrl-C ends it/);
  const lines = dev
    .output()
    .split(/\r?\n/)
    .filter((line) => line.startsWith("Port ") && line.length <= 80);
  const line = (port: number, name: string) =>
    `Port ${port} is taken, a free one is used; --${name}-port names another.`;
  const { sandbox, billing, shop } = portDefaults;
  assert.deepEqual(lines, [line(sandbox, "sandbox"), line(billing, "billing"), line(shop, "shop")]);
  assert.equal(await dev.end("SIGINT"), 0);
});

/** Whoever has the port already serves as well; when it lets go, we have it. */
function keepTaken(t: TestContext, port: number): void {
  const other = createServer();
  const take = () => void other.listen(port, "127.0.0.1");
  other.on("error", () => setTimeout(take, 1).unref());
  t.after(
    () =>
      void other
        .removeAllListeners("error")
        .on("error", () => {})
        .close(),
  );
  take();
}

/** What the README shows of `npm start`; "…" stands for lines that are left out. */
function piecesOfReadme(): string[] {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const sample = /^```\n(Stripe: .*?)^```$/ms.exec(readme)?.[1] ?? assert.fail("the README shows no start");
  return sample.split("…\n").map((piece) => piece.trimEnd());
}

/** Without what differs from start to start. */
const alike = (text: string): string =>
  text
    .replace(/^\d\d:\d\d:\d\d/gm, "00:00:00")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:0")
    .replace(/bk_test_[\w-]+/g, "bk_test_0");
