// Faults on purpose: a call that times out before or after it was committed, a refusal, a slow answer; a delivery that
// is lost, late, doubled or out of order. A rule says what goes wrong, where, and how often; chance comes from a stream
// of its own, so a seed replays the same faults. Without a rule a call pays one comparison.

import type { Clock, Instant } from "#kit/clock.ts";
import type { Ids } from "#kit/ids.ts";
import { problem } from "#kit/problems.ts";
import type { Random } from "#kit/random.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal, StripeError } from "../words/errors.ts";
import { callFaults, chargeFaults, clockFaults, deliveryFaults } from "./fault_kinds.ts";

export const callFaultKinds = namesOf(callFaults);
export const deliveryFaultKinds = namesOf(deliveryFaults);
export const chargeFaultKinds = namesOf(chargeFaults);
export const clockFaultKinds = namesOf(clockFaults);

export const faultKinds = [...callFaultKinds, ...deliveryFaultKinds, ...chargeFaultKinds, ...clockFaultKinds];

export type CallFaultKind = keyof typeof callFaults;
export type DeliveryFaultKind = keyof typeof deliveryFaults;
export type ChargeFaultKind = keyof typeof chargeFaults;
export type ClockFaultKind = keyof typeof clockFaults;

function namesOf<T extends object>(faults: T): readonly (keyof T & string)[] {
  return Object.keys(faults) as (keyof T & string)[]; // A table has no others.
}

/** `{ kind: "timeout_after_commit", method: "POST", path: "/v1/payment_intents/:id/confirm", times: 2 }` */
export interface FaultRule {
  readonly kind: CallFaultKind | DeliveryFaultKind | ChargeFaultKind | ClockFaultKind;
  /** Of a call; any when absent. */
  readonly method?: string | undefined;
  /** Of a call, with `:id` for one segment and a last `*` for the rest; any when absent. */
  readonly path?: string | undefined;
  /** Of a delivery: an event type, or a group as in `payment_intent.*`; any when absent. */
  readonly type?: string | undefined;
  /** How often it happens before it is used up. 1 when absent; without an end when only `chance` is given. */
  readonly times?: number | undefined;
  /** From 0 to 1; always when absent. */
  readonly chance?: number | undefined;
  /** For what is slow, delayed, shuffled or bunched (a second when absent), and for the silence of a timeout. */
  readonly ms?: number | undefined;
}

export interface Fault extends FaultRule {
  readonly id: string;
  /** Undefined: without an end. */
  readonly left: number | undefined;
  readonly happened: number;
}

export interface Faults {
  /** Throws a Problem for a rule that cannot be meant. */
  add(rule: FaultRule): Fault;
  remove(id: string): boolean;
  clear(): void;
  list(): readonly Fault[];
}

/** The rules at work, and what a folder needs to keep them. Those given at the start the next start gives again. */
export interface StandingFaults extends Faults {
  /** The fault that strikes this call, if any; it counts as happened. */
  strikeCall(method: string, path: string): Fault | undefined;
  /** All that strike this delivery. */
  strikeDelivery(type: string): readonly Fault[];
  /** The fault that strikes a card that its bank would have charged, if any. */
  strikeCharge(): Fault | undefined;
  /** The fault that strikes an advance of a test clock, if any. */
  strikeAdvance(): Fault | undefined;
  kept(): readonly Fault[];
  /** Puts down a rule as `kept` told it. */
  putBack(fault: Fault): void;
  forgetKept(): void;
  /** Told of every rule that is kept and changes; undefined means gone. */
  listen(listener: (id: string, fault: Fault | undefined) => void): void;
  /** How much later a struck delivery goes out. */
  delayMs(fault: Fault, now: Instant): number;
}

/** Far more rules than a test writes down; a loop must not eat the memory. */
const rulesMax = 1_000;
const msDefault = 1_000;
const msMax = 86_400_000;

export function createFaults(random: Random, ids: Ids, rules: readonly FaultRule[] = []): StandingFaults {
  const { standing, count, ...book } = createBook(ids, rules);
  const happens = (fault: Fault): boolean => fault.chance === undefined || random.next() < fault.chance;
  const strikeOf = (kinds: readonly FaultRule["kind"][]): Fault | undefined => {
    const fault = standing.find((rule) => isOneOf(kinds, rule) && happens(rule));
    return fault && count(fault);
  };
  return {
    ...book,
    strikeCall(method, path) {
      if (standing.length === 0) return undefined;
      const fault = standing.find((rule) => isOfCall(rule, method, path) && happens(rule));
      return fault && count(fault);
    },
    strikeDelivery(type) {
      if (standing.length === 0) return [];
      return standing.filter((rule) => isOfDelivery(rule, type) && happens(rule)).map(count);
    },
    strikeCharge: () => strikeOf(chargeFaultKinds),
    strikeAdvance: () => strikeOf(clockFaultKinds),
    delayMs(fault, now) {
      const ms = fault.ms ?? msDefault;
      if (fault.kind === "delivery_delayed") return ms;
      if (fault.kind === "deliveries_shuffled") return random.integer(0, ms);
      if (fault.kind === "deliveries_bunched") return ms - (now % Math.max(1, ms));
      return 0;
    },
  };
}

type Strikes = "strikeCall" | "strikeDelivery" | "strikeCharge" | "strikeAdvance";

/** For who only looks at what would happen. */
export function unstruck(faults: StandingFaults): StandingFaults {
  const never = () => undefined;
  return { ...faults, strikeCall: never, strikeDelivery: () => [], strikeCharge: never, strikeAdvance: never };
}

interface Book extends Omit<StandingFaults, Strikes | "delayMs"> {
  readonly standing: readonly Fault[];
  /** It has happened once more. */
  count(fault: Fault): Fault;
}

/** The rules as they stand, in the order of their coming. */
function createBook(ids: Ids, rules: readonly FaultRule[]): Book {
  const standing: Fault[] = [];
  const given = new Set<string>();
  let listener: (id: string, fault: Fault | undefined) => void = () => {};

  const indexOf = (id: string): number => standing.findIndex((fault) => fault.id === id);
  const tell = (id: string, fault: Fault | undefined): void => {
    if (!given.has(id)) listener(id, fault);
  };
  const put = (fault: Fault): void => {
    const index = indexOf(fault.id);
    if (index < 0) standing.push(fault);
    else standing[index] = fault;
  };
  const remove = (id: string): boolean => {
    const index = indexOf(id);
    if (index < 0) return false;
    standing.splice(index, 1);
    tell(id, undefined);
    return true;
  };
  const kept = () => standing.filter(({ id }) => !given.has(id));

  for (const rule of rules) {
    const fault = newFault(rule, ids, standing.length);
    given.add(fault.id);
    put(fault);
  }
  return {
    standing,
    add(rule) {
      const fault = newFault(rule, ids, standing.length);
      put(fault);
      tell(fault.id, fault);
      return fault;
    },
    remove,
    clear() {
      for (const { id } of [...standing]) remove(id);
    },
    list: () => [...standing],
    count(fault) {
      const left = fault.left === undefined ? undefined : fault.left - 1;
      const after = { ...fault, left, happened: fault.happened + 1 };
      if (left === 0) {
        remove(fault.id);
      } else {
        put(after);
        tell(after.id, after);
      }
      return after;
    },
    kept,
    putBack: put,
    forgetKept() {
      for (const { id } of kept()) standing.splice(indexOf(id), 1);
    },
    listen(told) {
      listener = told;
    },
  };
}

function newFault(rule: FaultRule, ids: Ids, standing: number): Fault {
  assertRule(rule);
  if (standing >= rulesMax) throw problem("wrong_state", `There are ${rulesMax} rules already: remove some.`);
  const isEndless = rule.times === undefined && rule.chance !== undefined;
  return { ...rule, id: ids.next("fault", 14), left: isEndless ? undefined : (rule.times ?? 1), happened: 0 };
}

/** For how long a slow call is under way. */
export function slownessMs(fault: Fault | undefined): number {
  return fault?.kind === "slow" ? (fault.ms ?? msDefault) : 0;
}

/** What a fault refuses with before the action begins. */
export function refusalOf(fault: Fault | undefined): StripeError | undefined {
  switch (fault?.kind) {
    case "rate_limit":
      return refusal(common.rateLimit, {}, beforeWork);
    case "lock_timeout":
      return refusal(common.lockTimeout, {}, beforeWork);
    case "server_error":
      return new StripeError(500, { type: "api_error", message: "A fault that was asked for: this call fails." });
    default:
      return undefined;
  }
}

/** How an answer is lost: the connection ends without it, or is reset in its middle. */
export type Loss = "closed" | "reset";

/** What a fault does to the answer on its way out. */
export function onTheWay(fault: Fault | undefined, clock: Pick<Clock, "sleep">): { lost?: Loss; late?: Promise<void> } {
  switch (fault?.kind) {
    case "slow":
      return { late: clock.sleep(fault.ms ?? msDefault) };
    case "timeout_before_commit":
    case "timeout_after_commit":
      return { lost: "closed", ...(fault.ms !== undefined && { late: clock.sleep(fault.ms) }) };
    case "connection_reset":
      return { lost: "reset" };
    default:
      return {};
  }
}

function isOneOf(kinds: readonly FaultRule["kind"][], { kind }: FaultRule): boolean {
  return kinds.includes(kind);
}

function assertRule(rule: FaultRule): void {
  const { kind, times, chance, ms } = rule;
  if (!isOneOf(faultKinds, rule))
    throw problem("invalid_params", `"${kind}" is not a fault. There are: ${faultKinds.join(", ")}.`);
  const isCount = times === undefined || (Number.isSafeInteger(times) && times >= 1);
  if (!isCount) throw problem("invalid_params", `times is a whole number from 1, not ${times}.`);
  if (chance !== undefined && !(chance >= 0 && chance <= 1))
    throw problem("invalid_params", `chance is from 0 to 1: ${chance}.`);
  const isTime = ms === undefined || (Number.isSafeInteger(ms) && ms >= 0 && ms <= msMax);
  if (!isTime) throw problem("invalid_params", `ms is a whole number from 0 to ${msMax}, not ${ms}.`);
}

function isOfCall(rule: Fault, method: string, path: string): boolean {
  if (!isOneOf(callFaultKinds, rule)) return false;
  if (rule.method !== undefined && rule.method.toUpperCase() !== method) return false;
  return rule.path === undefined || isPath(rule.path, path);
}

function isPath(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  const isOpen = wanted.at(-1) === "*";
  if (isOpen ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((part, at) => part === given[at] || part.startsWith(":") || (part === "*" && isOpen));
}

function isOfDelivery(rule: Fault, type: string): boolean {
  if (!isOneOf(deliveryFaultKinds, rule)) return false;
  if (rule.type === undefined || rule.type === "*" || rule.type === type) return true;
  return rule.type.endsWith(".*") && type.startsWith(rule.type.slice(0, -1));
}
