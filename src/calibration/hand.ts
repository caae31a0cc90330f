// One side of a play: makes its calls, remembers what they made, and takes it back.
import type { Fetch } from "#kit/ports.ts";
import { isProblem, problem } from "#kit/problems.ts";
import { madeBy, type Play, type Step } from "./plays/play.ts";

/** Somebody who answers as Stripe does. */
export interface Side {
  /** Gives up by itself on who does not answer. */
  readonly fetch: Fetch;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly key: string;
  readonly apiVersion: string;
}

export interface Hand {
  readonly side: Side;
  /** Ids of what was made, by the names that the steps give them. */
  readonly made: Map<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export function handOf(side: Side): Hand {
  return { side, made: new Map() };
}

/** Undefined when the step speaks of something that no earlier one made. Throws a Problem when nobody answers. */
export async function ask(hand: Hand, step: Step): Promise<Answer | undefined> {
  const call = filled(hand, step.call);
  const form = filled(hand, step.form ?? "");
  if (call === undefined || form === undefined) return undefined;
  const answer = await send(hand.side, { call, form, headers: step.headers });
  const named = Object.entries(step.names ?? {}).map(([name, path]) => ({ name, at: [path] }));
  for (const { name, at: paths } of [...named, ...(step.makes ? [step.makes] : [])]) {
    const found = paths.map((path) => at(answer.body, path)).find((value) => typeof value === "string");
    if (typeof found === "string") hand.made.set(name, found);
  }
  return answer;
}

/** Takes back what the play made, the last thing first; answers what is still there. */
export async function undo(hand: Hand, play: Play): Promise<string[]> {
  const left: string[] = [];
  for (const { name, undo: ways } of madeBy(play)) {
    const id = hand.made.get(name);
    if (id !== undefined && !(await isTakenBack(hand, ways))) left.push(`${name} ${id}`);
  }
  return left;
}

/** `at({ error: { code: "x" } }, "error.code")` is `x`. */
export function at(body: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => Object(value)[name], body);
}

interface Sent {
  readonly call: string;
  readonly form: string;
  readonly headers: Step["headers"];
}

async function send(side: Side, { call, form, headers }: Sent): Promise<Answer> {
  const { baseUrl, key, apiVersion } = side;
  const [method = "", path = ""] = call.split(" ");
  const isPost = method === "POST";
  const type = "application/x-www-form-urlencoded";
  const url = `${baseUrl}${path}${!isPost && form ? `?${form}` : ""}`;
  const init: RequestInit = {
    method,
    headers: { authorization: `Bearer ${key}`, "stripe-version": apiVersion, "content-type": type, ...headers },
    ...(isPost && { body: form }),
  };
  try {
    const response = await side.fetch(url, init);
    return { status: response.status, body: JSON.parse(await response.text()) };
  } catch (cause) {
    throw problem("stripe_unreachable", `${baseUrl} did not answer as Stripe does.`, {
      hint: "Try again later; what a call that was under way has made is in the Dashboard of test mode.",
      cause,
    });
  }
}

function filled({ made }: Hand, text: string): string | undefined {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  if (names.some((name) => !made.has(name))) return undefined;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => made.get(name) ?? "");
}

async function isTakenBack(hand: Hand, ways: readonly Step[]): Promise<boolean> {
  try {
    for (const way of ways) if (isGone(await ask(hand, way))) return true;
  } catch (error) {
    if (!isProblem(error)) throw error; // Who does not answer has it still.
  }
  return false;
}

/** Nothing hangs on such a SetupIntent. */
const settled = ["canceled", "succeeded"];

/** Since now, or before. */
function isGone(answer: Answer | undefined): boolean {
  if (answer?.status === 200) return true;
  const error = (path: string) => String(at(answer?.body, `error.${path}`));
  const isOver = error("payment_intent.status") === "canceled" || settled.includes(error("setup_intent.status"));
  return isOver || ["charge_already_refunded", "resource_missing"].includes(error("code"));
}
