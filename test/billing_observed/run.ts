// How a play is played: in a world of its own, call by call, each held to what it shows.
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { type SandboxWorld, startWorld } from "../../src/sandbox/testing.ts";
import type { Call, Play, Shown, Step } from "./play.ts";

type Named = Record<string, unknown>;

/** A world that plays can go on in. */
export interface Playing extends Pick<Play, "version"> {
  readonly world: SandboxWorld;
  /** What was answered, by the names that calls give it. */
  readonly named: Named;
}

export async function play(one: Pick<Play, "billing" | "card" | "start" | "steps" | "version">): Promise<Playing> {
  const { billing, version, start, card = "pm_card_visa", steps } = one;
  const world = startWorld({ billing, ...(start !== undefined && { start: start * 1000 }) });
  const playing = { world, version, named: { customer: await customerWith(world, card) } };
  await goOn(playing, steps);
  return playing;
}

export async function goOn(playing: Playing, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await take(playing, step);
}

async function customerWith({ call }: SandboxWorld, card: string | null): Promise<string> {
  const { json } = await call("POST", "/v1/customers", "email=ada@shop.test&name=Ada");
  if (card === null) return String(json.id);
  const method = (await call("POST", `/v1/payment_methods/${card}/attach`, `customer=${json.id}`)).json.id;
  await call("POST", `/v1/customers/${json.id}`, `invoice_settings[default_payment_method]=${method}`);
  return String(json.id);
}

async function take(playing: Playing, step: Step): Promise<void> {
  const { clock } = playing.world;
  if ("until" in step) await clock.advance(step.until * 1000 - clock.now());
  else await ask(playing, step);
}

async function ask({ world, named, version }: Playing, step: Call): Promise<void> {
  const [method = "", path = ""] = filled(named, step.call).split(" ");
  const form = filled(named, step.form ?? "");
  const asked = step.version ?? version;
  const headers = asked === undefined ? undefined : { "stripe-version": asked };
  const { status, json, error } = await world.call(method, path, { form, headers });
  const why = `${method} ${path} ${form}: ${status} ${JSON.stringify(error)}`;
  const { status: expected = 200, ...refused } = step.refused ?? {};
  assert.equal(status, expected, why);
  if (step.all !== undefined) assert.deepEqual(json, filledIn(named, step.all));
  const [seen, shows] = step.refused ? [error, refused] : [json, step.shows ?? {}];
  for (const [name, value] of Object.entries(shows)) {
    const wanted = filledIn(named, value);
    assert.deepEqual(partOf(seen[name], wanted), wanted, `${name} of ${method} ${path} ${form}`);
  }
  // Named at last, so that what it shows may speak of the answer before it.
  if (step.as !== undefined) named[step.as] = json;
}

/** `{invoice.lines.data.0.id}` of what has been answered. */
function filled(named: Named, text: string): string {
  return text.replace(/\{([\w.]+)\}/g, (_, path: string) => {
    const value = path.split(".").reduce<unknown>((whole, name) => (whole as Shown | undefined)?.[name], named);
    assert.ok(value !== undefined, `nothing is called ${path}`);
    return String(value);
  });
}

function filledIn(named: Named, wanted: unknown): unknown {
  if (typeof wanted === "string") return filled(named, wanted);
  if (Array.isArray(wanted)) return wanted.map((one) => filledIn(named, one));
  if (!isHash(wanted)) return wanted;
  return Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, filledIn(named, value)]));
}

/** Of what is there as much as is wanted; a pattern that fits stands for what it fits. */
export function partOf(found: unknown, wanted: unknown): unknown {
  if (wanted instanceof RegExp) return wanted.test(String(found)) ? wanted : found;
  if (Array.isArray(wanted)) return Array.isArray(found) ? found.map((one, at) => partOf(one, wanted[at])) : found;
  if (!isHash(wanted) || !isHash(found) || isDeepStrictEqual(wanted, {})) return found;
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, partOf(found[name], wanted[name])]));
}

function isHash(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof RegExp);
}
