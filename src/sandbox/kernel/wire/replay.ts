// A request under an idempotency key: what it came to is kept, and asked for again it is answered again. What is
// refused before the action began is not kept.

import { slownessMs } from "../records/faults.ts";
import { hashOfParams, type KeptAnswer, keptAnswer } from "../records/idempotency.ts";
import type { Account } from "../state/accounts.ts";
import type { World } from "../state/unit.ts";
import { StripeError } from "../words/errors.ts";
import { type Call, type WireAnswer, written } from "./call.ts";
import { refusalTree } from "./refused.ts";

/** `begin` checks the parameters and hands out the action. */
export function once(
  world: World,
  call: Call,
  { account, key }: { readonly account: Account; readonly key: string },
  begin: () => () => object,
): WireAnswer {
  const { request, headers } = call;
  headers["idempotency-key"] = key;
  const kept = account.idempotency;
  const now = world.timeline.now();
  const bodyHash = hashOfParams(request.query, request.body);
  const before = keptAnswer(kept, { key, path: request.path, bodyHash, now });
  if (before) {
    headers["idempotent-replayed"] = "true";
    return keyed(call, before.answer, before.requestId);
  }
  const action = begin();
  const entry = { path: request.path, bodyHash, requestId: call.id, at: now, readyAt: now + slownessMs(call.fault) };
  const keep = (status: number, json: object): WireAnswer => {
    const answer = { status, json };
    kept.set(key, { ...entry, answer });
    world.journal?.keep(account, key);
    return keyed(call, answer, call.id);
  };
  let json: object;
  try {
    json = action();
  } catch (error) {
    if (error instanceof StripeError && !error.replayable) throw error;
    const answer = refusalTree(world, call, error);
    return keep(answer.status, answer.json);
  }
  return keep(200, json);
}

/** What is kept under a key names the request that made it, and is no better for being asked for again. */
function keyed(call: Call, { status, json }: KeptAnswer["answer"], original: string): WireAnswer {
  call.headers["original-request"] = original;
  if (status < 500) call.headers["stripe-should-retry"] = "false";
  return written(call, status, json);
}
