// Plays the plays on Stripe and on the sandbox, step by step side by side, and takes back what they made.
import { isProblem, type Problem, problem } from "#kit/problems.ts";
import { differencesBetween, leavesOf, type Paths } from "./compare.ts";
import { type Answer, ask, at, type Hand, handOf, type Side, undo } from "./hand.ts";
import type { Play, Step } from "./plays/play.ts";
import { shownOf } from "./redact.ts";

export interface Sides {
  readonly stripe: Side;
  readonly sandbox: Side;
}

interface CallDifference {
  readonly play: string;
  readonly call: string;
  readonly path: string;
  readonly stripe: string;
  readonly sandbox: string;
}

export interface Played {
  /** How many calls were compared. */
  calls: number;
  alike: number;
  /** Rows whose refusal was asked for, by name: where Stripe says the same as the sandbox, and where it does not. */
  readonly confirmed: string[];
  readonly contradicted: string[];
  readonly differences: CallDifference[];
  /** What could not be taken back at Stripe, with its id. */
  readonly left: string[];
  /** Why it ended before its end: Stripe does not answer, or not to this key. */
  stopped: Problem | undefined;
}

/** `signal` ends it after the call that is under way; what was made is taken back then too. */
export async function playAll(sides: Sides, plays: readonly Play[], signal?: AbortSignal): Promise<Played> {
  const lists = { confirmed: [], contradicted: [], differences: [], left: [] };
  const played: Played = { calls: 0, alike: 0, ...lists, stopped: undefined };
  for (const play of plays) {
    if (signal?.aborted || played.stopped) break;
    await playOne(sides, play, { played, signal });
  }
  return played;
}

interface Playing {
  readonly played: Played;
  readonly signal: AbortSignal | undefined;
}

async function playOne(sides: Sides, play: Play, { played, signal }: Playing): Promise<void> {
  const stripe = handOf(sides.stripe);
  const sandbox = handOf(sides.sandbox);
  try {
    for (const step of play.steps) {
      if (signal?.aborted) return;
      const theirs = await ask(stripe, step);
      refuseWrongKey(theirs);
      const ours = await ask(sandbox, step);
      count(played, {
        play: play.name,
        step,
        differences: differencesBetween(pathsOf(stripe, step, theirs), pathsOf(sandbox, step, ours)),
      });
    }
  } catch (error) {
    if (!isProblem(error)) throw error;
    played.stopped = error;
  } finally {
    await undo(sandbox, play);
    played.left.push(...(await undo(stripe, play)));
  }
}

interface Counted {
  readonly play: string;
  readonly step: Step;
  readonly differences: ReturnType<typeof differencesBetween>;
}

function count(played: Played, { play, step: { call, about }, differences }: Counted): void {
  const isAlike = differences.length === 0;
  played.calls++;
  if (isAlike) played.alike++;
  if (about !== undefined) (isAlike ? played.confirmed : played.contradicted).push(about);
  for (const { path, expected, actual } of differences) {
    played.differences.push({ play, call, path, stripe: expected, sandbox: actual });
  }
}

/** What a test key makes is never live; if it were, nothing more may follow. */
function refuseWrongKey(answer: Answer | undefined): void {
  if (answer?.status === 401) {
    throw problem("stripe_key_rejected", "Stripe does not accept the key.", {
      hint: "Take the secret key of test mode, from https://dashboard.stripe.com/test/apikeys.",
    });
  }
  if (at(answer?.body, "livemode") === true) {
    throw problem("mode_mismatch", "Stripe answered in live mode; nothing more was played.", {
      hint: "Use a secret key of test mode (sk_test_…).",
    });
  }
}

function pathsOf({ made }: Hand, step: Step, answer: Answer | undefined): Paths {
  if (answer === undefined) return new Map([["HTTP status", "not played"]]);
  const body = isOwnList(step, answer.body) ? { object: "list" } : answer.body;
  const leaves = leavesOf(body).map(([path, value]) => [path, shownOf(path, value, made)] as const);
  return new Map([["HTTP status", String(answer.status)], ...leaves]);
}

/** A list of what no play has made is the account's own, and nobody looks into it. */
function isOwnList({ call, form = "" }: Step, body: unknown): boolean {
  return ["list", "search_result"].includes(String(at(body, "object"))) && !/\{\w+\}/.test(call + form);
}
