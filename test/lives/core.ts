// A sandbox without sockets and without an SDK: its core answers at once, and time goes where it is told to.
import assert from "node:assert/strict";
import { testPorts } from "#kit/create_ports.ts";
import { createParts } from "../../src/sandbox/assemble.ts";
import type { SandboxOptions } from "../../src/sandbox/options.ts";

/** What Stripe answers, as a test reads it. */
// biome-ignore lint/suspicious/noExplicitAny: an answer has whatever shape its address has.
export type Answer = any;

export interface Asking {
  readonly version?: string | undefined;
  /** An idempotency key. */
  readonly key?: string | undefined;
}

export interface TestCore {
  ask(call: string, params?: object, asking?: Asking): { readonly status: number; readonly json: Answer };
  /** The answer of what is not refused. */
  must(call: string, params?: object, asking?: Asking): Answer;
  /** All pages of a list, newest first. */
  all(path: string, params?: object): Answer[];
  /** In seconds: the world's, or that of a test clock. */
  goTo(second: number, clock?: string): Promise<void>;
  now(): number;
  /** What is still to be done, by the names of jobs: `["turn sub_1"]`. */
  planned(): string[];
  /** Bugs inside, which the sandbox writes down and goes on after. */
  readonly bugs: readonly string[];
}

export function startCore(options: Partial<SandboxOptions> & { seed?: number } = {}): TestCore {
  const { seed = 7, ...rest } = options;
  const bugs: string[] = [];
  const ports = testPorts({ seed, write: (line) => line.includes("sandbox.bug") && bugs.push(line) });
  const { world, http } = createParts({ ...ports, ...rest, fetch: ports.fetch }, () => "http://sandbox");
  const ask: TestCore["ask"] = (call, params = {}, { version, key } = {}) => {
    const [method = "", path = ""] = call.split(" ");
    const form = formOf(params).toString();
    const isGet = method !== "POST";
    const headers = {
      authorization: "Bearer sk_test_lives",
      ...(version !== undefined && { "stripe-version": version }),
      ...(key !== undefined && { "idempotency-key": key }),
    };
    const request = { method, path, query: isGet ? form : "", headers, body: isGet ? "" : form };
    const { status, body } = http.core.handle(request);
    return { status, json: JSON.parse(body) };
  };
  const must: TestCore["must"] = (call, params, asking) => {
    const { status, json } = ask(call, params, asking);
    assert.equal(status, 200, `${call} ${JSON.stringify(params)}: ${JSON.stringify(json)}`);
    return json;
  };
  return {
    ask,
    must,
    all(path, params = {}) {
      const found: Answer[] = [];
      for (let more = true; more; ) {
        const after = found.at(-1);
        const page = must(`GET ${path}`, { limit: 100, ...params, ...(after && { starting_after: after.id }) });
        found.push(...page.data);
        more = page.has_more;
      }
      return found;
    },
    async goTo(second, clock) {
      const timeline = world.timelines.of(clock ?? null);
      if (clock !== undefined) must(`POST /v1/test_helpers/test_clocks/${clock}/advance`, { frozen_time: second });
      await timeline?.advanceTo(second * 1000);
    },
    now: () => Math.floor(world.timeline.now() / 1000),
    planned: () =>
      [...world.timelines.pending()].flatMap(({ record }) =>
        record.kind === "job" ? `${record.name} ${String(record.values[0])}` : [],
      ),
    bugs,
  };
}

function formOf(params: object, at = "", form = new URLSearchParams()): URLSearchParams {
  for (const [name, value] of Object.entries(params)) {
    const path = at === "" ? name : `${at}[${name}]`;
    if (value === undefined) continue;
    if (typeof value === "object" && value !== null) formOf(value, path, form);
    else form.set(path, value === null ? "" : String(value));
  }
  return form;
}
