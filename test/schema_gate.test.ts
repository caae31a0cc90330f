// The schema gate: one long story over every route of the sandbox, each answer compared with the declarations of the
// newest SDK. What the story has made is then read again in every older family. A route that the story does not reach
// fails the test: new routes come with a line here.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type VersionFamily, versionFamilies } from "../src/sandbox/kernel/schema/schema.ts";
import { paramChecker, resources } from "../src/sandbox/resources/index.ts";
import { type Answer, operationOf, responseProblems, type SandboxWorld, startWorld } from "../src/sandbox/testing.ts";
import { type Step, story, undeclaredRoutes } from "./schema_gate.table.ts";

const dayMs = 86_400_000;
const routes = resources.flatMap((resource) => resource.routes.map(({ method, path }) => `${method} ${path}`));

suite("schema gate", () => {
  test("every route answers as the newest SDK declares", async () => {
    const { problems, reached } = await tell();
    assert.deepEqual(problems, []);
    const missed = routes.map(canonical).filter((route) => !reached.has(route));
    assert.deepEqual(missed, [], "routes that the story does not reach");
  });

  for (const family of versionFamilies.slice(1)) {
    test(`what was made fits the declarations of ${family}`, async () => {
      const { world, named } = await tell();
      const problems = await readAgain(world, named, family);
      assert.deepEqual(problems, []);
    });
  }
});

interface Told {
  readonly world: SandboxWorld;
  readonly named: Readonly<Record<string, string>>;
  readonly problems: string[];
  readonly reached: ReadonlySet<string>;
}

async function tell(): Promise<Told> {
  const world = startWorld();
  const named: Record<string, string> = {};
  const problems: string[] = [];
  const reached = new Set<string>();
  for (const step of story) {
    if ("days" in step) {
      await world.clock.advance(step.days * dayMs);
      continue;
    }
    const answer = await take(world, named, step);
    const shown = `${step.call} ${filled(step.form ?? "", named)}`;
    if (answer.status !== (step.status ?? 200)) {
      problems.push(`${shown}: ${answer.status} ${JSON.stringify(answer.json).slice(0, 300)}`);
      continue;
    }
    if (answer.status === 200 || step.isRefusedOnly) reached.add(canonical(step.call));
    problems.push(...problemsOf(step, answer).map((problem) => `${shown}: ${problem}`));
    for (const [name, path] of Object.entries(step.names ?? {})) named[name] = String(valueAt(answer.json, path));
  }
  return { world, named, problems, reached };
}

async function take(world: SandboxWorld, named: Readonly<Record<string, string>>, step: Step): Promise<Answer> {
  const [method = "", path = ""] = step.call.split(" ");
  const headers = step.headers ?? {};
  const { sandbox } = world;
  const isGet = method === "GET" || method === "DELETE";
  const form = filled(step.form ?? "", named);
  const url = `http://sandbox${filled(path, named)}${isGet && form ? `?${form}` : ""}`;
  const sent = { authorization: "Bearer sk_test_world", ...headers };
  const response = await sandbox.fetch(new Request(url, { method, headers: sent, body: isGet ? undefined : form }));
  const json = (await response.json()) as Record<string, unknown>;
  const error = (json.error ?? {}) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json, error };
}

function problemsOf(step: Step, { status, json }: Answer): string[] {
  const [method = "", path = ""] = step.call.split(" ");
  if (status !== 200 || step.headers !== undefined || undeclaredRoutes.has(canonical(step.call))) return [];
  return responseProblems(paramChecker.declared(operationOf(method, path) ?? canonical(step.call)), json, "endive");
}

const versions: Readonly<Record<VersionFamily, string>> = {
  endive: "2026-10-28.endive",
  dahlia: "2026-08-26.dahlia",
  clover: "2026-02-25.clover",
  basil: "2025-08-27.basil",
  acacia: "2025-02-24.acacia",
  "2024-06-20": "2024-06-20",
  "2022-11-15": "2022-11-15",
  "2020-08-27": "2020-08-27",
};

async function readAgain(
  world: SandboxWorld,
  named: Readonly<Record<string, string>>,
  family: VersionFamily,
): Promise<string[]> {
  const problems: string[] = [];
  for (const step of story) {
    if ("days" in step || !step.call.startsWith("GET ") || step.status || step.headers || step.isNew) continue;
    const { call } = step;
    const [, path = ""] = call.split(" ");
    const operation = operationOf("GET", path);
    if (operation === undefined || undeclaredRoutes.has(canonical(call))) continue;
    const headers = { "stripe-version": versions[family] };
    const form = filled(step.form ?? "", named);
    // Before 2022-11-15 there are charges instead.
    const asked = family === "2020-08-27" ? form.replace(/latest_charge/g, "charges") : form;
    const answer = await world.call("GET", filled(path, named), { form: asked, headers });
    const found =
      answer.status === 200
        ? responseProblems(operation, answer.json, family)
        : [`${answer.status} ${JSON.stringify(answer.json).slice(0, 300)}`];
    problems.push(...found.map((problem) => `${call} ${step.form ?? ""}: ${problem}`));
  }
  return problems;
}

function filled(text: string, named: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => named[name] ?? all);
}

/** `POST /v1/customers/{customer}` and `POST /v1/customers/:id` are one route. */
function canonical(call: string): string {
  return call.replace(/\/(?:\{\w+\}|:\w+)/g, "/:id");
}

function valueAt(json: unknown, path: string): unknown {
  let value = json;
  for (const step of path.split(".")) value = (value as Record<string, unknown> | undefined)?.[step];
  return value;
}
