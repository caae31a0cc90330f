// For tests: a sandbox with the official SDK beside it, in one process, on a clock that only moves when told to. Every
// answer is checked against the schema of the SDK's own declarations.
import assert from "node:assert/strict";
import Stripe from "stripe";
import type { Instant } from "#kit/clock.ts";
import { type TestPorts, testPorts } from "#kit/create_ports.ts";
import { createSandbox, type Sandbox } from "./index.ts";
import { listStripeOperations } from "./kernel/schema/endpoints.ts";
import { createResponseChecker } from "./kernel/schema/response.ts";
import { type Action, assertMay, type Machine, type Stateful } from "./kernel/state/machine.ts";
import { StripeError } from "./kernel/words/errors.ts";
import type { SandboxOptions } from "./options.ts";
import { paramChecker, resources } from "./resources/index.ts";

export interface SandboxWorld {
  readonly sandbox: Sandbox;
  readonly stripe: Stripe;
  readonly clock: TestPorts["clock"];
  /** One call as curl would make it. */
  call(method: string, path: string, sent?: string | Sent): Promise<Answer>;
  /** The types of all events so far, oldest first. */
  eventTypes(): Promise<string[]>;
}

/** What a call brings along: a form alone may stand for it. */
interface Sent {
  readonly form?: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
  readonly error: Record<string, unknown>;
}

/** `responseProblems("GET /v1/charges/:id", charge, "endive")`: what is not as the SDK of the family declares it. */
export const responseProblems = createResponseChecker(resources.flatMap(({ extras }) => extras ?? []));

export const secretKey = "sk_test_world";

export function startWorld(options: Partial<SandboxOptions> & { seed?: number; start?: Instant } = {}): SandboxWorld {
  const { seed = 7, start, ...rest } = options;
  // A bug inside the sandbox answers 500; its stack belongs into the test's output.
  const ports = testPorts({ seed, start, fetch: rest.fetch, write: (line) => process.stderr.write(line) });
  const sandbox = createSandbox({ ...ports, ...rest, fetch: ports.fetch });
  sandbox.start();
  const stripe = new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient((url, init) => sandbox.fetch(new Request(url, init))),
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const call: SandboxWorld["call"] = async (method, path, given = "") => {
    const { form = "", headers = {} } = typeof given === "string" ? { form: given } : given;
    const sent = { authorization: `Bearer ${secretKey}`, ...headers };
    const isGet = method === "GET" || method === "DELETE";
    const url = `http://sandbox${path}${isGet && form ? `?${form}` : ""}`;
    const response = await sandbox.fetch(new Request(url, { method, headers: sent, body: isGet ? undefined : form }));
    const json = (await response.json()) as Record<string, unknown>;
    if (response.status === 200 && isPlain(sent) && !path.startsWith("/v1/3ds2/")) checkAnswer(method, path, json);
    return {
      status: response.status,
      headers: response.headers,
      json,
      error: (json.error ?? {}) as Record<string, unknown>,
    };
  };
  const eventTypes = async () => {
    const { json } = await call("GET", "/v1/events", "limit=100");
    return (json.data as { type: string }[]).map((event) => event.type).reverse();
  };
  return { sandbox, stripe, clock: ports.clock, call, eventTypes };
}

/** Answers to publishable keys are reduced, and Stripe.js's own calls have no declaration. */
function isPlain(headers: Record<string, string>): boolean {
  return headers.authorization?.includes("sk_test_") === true && headers["stripe-version"] === undefined;
}

function checkAnswer(method: string, path: string, json: object): void {
  const [address = ""] = path.split("?");
  const operation = operationOf(method, address) ?? oldAddress(method, address);
  assert.deepEqual(responseProblems(paramChecker.declared(operation), json, "endive"), [], operation);
}

const operations = listStripeOperations().map((operation) => ({ operation, parts: operation.split(/[ /]/) }));

/** `operationOf("GET", "/v1/customers/cus_1")` is "GET /v1/customers/:id"; undefined when Stripe has no such thing. */
export function operationOf(method: string, path: string): string | undefined {
  const asked = `${method} ${path}`.split(/[ /]/);
  const fits = operations.filter(
    ({ parts }) =>
      parts.length === asked.length && parts.every((part, index) => part === asked[index] || part === ":id"),
  );
  // Fixed words win: `/v1/customers/search` is not a customer.
  const idsOf = (operation: string): number => operation.split(":id").length;
  return fits.sort((a, b) => idsOf(a.operation) - idsOf(b.operation))[0]?.operation;
}

/** What no SDK declares keeps ids with an underscore. */
function oldAddress(method: string, path: string): string {
  return `${method} ${path.replace(/\/[a-z]+_\w*[A-Z0-9]\w*(?=\/|$)/g, "/:id")}`;
}

/** For each status, what each action comes to: where it may end, or "refused". */
export type MoveTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Holds a whole machine against a table that was written by hand, and asks its refusals to be Stripe errors. */
export function assertMoves<O extends Stateful, A extends Record<string, Action>>(
  machine: Machine<O, A>,
  table: MoveTable,
): void {
  const actions = Object.entries<Action>(machine.actions);
  const statuses = new Set(actions.flatMap(([, { from, to }]) => [...from, ...Object.keys(to)]));
  assert.deepEqual([...statuses].sort(), Object.keys(table).sort(), "every status has a row");
  for (const [status, row] of Object.entries(table)) {
    const moves = actions.map(([name, { from, to }]) => [
      name,
      from.includes(status) ? Object.keys(to).join(" | ") : "refused",
    ]);
    assert.deepEqual(Object.fromEntries(moves), row, status);
    const object = { object: machine.noun.object, id: "x_1", status } as unknown as O;
    for (const [action, end] of Object.entries(row)) {
      const ask = () => assertMay(machine, object, action);
      if (end === "refused") assert.throws(ask, StripeError, `${action} when ${status}`);
      else ask();
    }
  }
}
