// Facts on their way to systems in other languages. Each endpoint is a handler of the outbox, `url:<endpoint id>`, with
// attempts, backoff and dead letters of its own: one slow receiver holds up nobody else. At least once, with the fact's
// id as webhook-id: receivers keep it and ignore what they have seen. Signed as https://www.standardwebhooks.com says.
import { Webhook } from "standardwebhooks";
import { dayMs } from "#kit/clock.ts";
import type { Running } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import type { Random } from "#kit/random.ts";
import type { Fact, FactType } from "../../api/index.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { factTypes } from "../../resources/index.ts";
import { listedMax, oldestFirst, refuseBeyondCap } from "../caps.ts";
import { type HttpCore, modeOf } from "../core.ts";
import type { EndpointRow } from "../tables.ts";
import { checkTarget, privateTargetsHint } from "./addresses.ts";
import { type SendOutgoing, TargetRefused } from "./pinned_request.ts";
import { createSecretBox, type SecretBox } from "./secret_box.ts";

export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly types: readonly ("*" | FactType)[];
  readonly description: string;
  readonly createdAt: Date;
  /** After a rotation: until then deliveries carry a second signature, of the secret before. */
  readonly previousSecretUntil: Date | null;
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
}

export interface EndpointStore {
  /** The secret is in this answer alone. */
  create(input: {
    url: string;
    types: readonly ("*" | FactType)[];
    description?: string;
  }): Promise<Endpoint & { secret: string }>;
  list(): Promise<readonly Endpoint[]>;
  get(id: string): Promise<Endpoint | undefined>;
  /**
   * A new secret, in this answer alone. For `overlapMs` (at most `overlapMaxMs`) deliveries are signed with the one
   * before as well, so that the receiver can be changed meanwhile; 0 for a secret that has leaked. A second rotation
   * ends the overlap of the first. Undefined when there is no such endpoint, or it is disabled.
   */
  rotate(id: string, options: { overlapMs: number }): Promise<(Endpoint & { secret: string }) | undefined>;
  disable(id: string, reason: string): Promise<Endpoint | undefined>;
  /** Adds every stored endpoint to the outbox, and from then on those that other replicas store. */
  start(): Promise<Running>;
}

/** Standard Webhooks asks for 24 to 64 random bytes. */
const secretBytes = 32;
/** A day is enough to change a receiver, and short enough that a leaked secret does not linger. */
export const overlapMaxMs = dayMs;
/** So long may deliveries of an endpoint wait when the replica that stored it is gone. */
const reloadMs = 30_000;

export function createEndpointStore(context: { core: HttpCore; send: SendOutgoing }): EndpointStore {
  const { core } = context;
  const { sql, ports } = core;
  const registered = new Set<string>();
  const random = ports.random("endpoints");
  const outgoing: Outgoing = { ...context, box: () => boxOf(core, random) };
  const rows = async () =>
    oldestFirst(
      await sql.read("endpoints.list", (reader) =>
        reader
          .selectFrom("endpoints")
          .selectAll()
          .orderBy((eb) => eb("disabled_at", "is not", null))
          .orderBy("disabled_at", "desc")
          .limit(listedMax)
          .execute(),
      ),
    );
  const add = (row: EndpointRow) => {
    if (registered.has(row.id)) return;
    registered.add(row.id);
    const { types, disabledAt } = endpointOf(row);
    // A disabled one asks for nothing, but closes what still waits for it: nothing waits without an owner.
    const wanted = disabledAt === null ? (types.includes("*") ? "*" : factTypes.filter((t) => types.includes(t))) : [];
    core.outbox.add({ id: `url:${row.id}`, types: wanted, handle: (fact) => deliverFact(outgoing, row.id, fact) });
  };
  const load = async () => {
    for (const row of await rows()) add(row);
    if (core.knownTime() !== undefined) await core.outbox.register(); // else the workers do, before they work
  };
  return {
    async create(input) {
      const fresh = freshEndpoint(outgoing, input, freshSecret(random));
      await sql.write("endpoints.create", async (tx) => {
        await refuseBeyondCap(tx, "endpoints");
        await tx.insertInto("endpoints").values(fresh.row).execute();
      });
      add(fresh.row);
      await core.outbox.register();
      return { ...endpointOf(fresh.row), secret: fresh.secret };
    },
    list: async () => (await rows()).map(endpointOf),
    async get(id) {
      const row = await findEndpoint(core, id);
      return row && endpointOf(row);
    },
    rotate: (id, options) => rotateSecret(outgoing, id, { ...options, secret: freshSecret(random) }),
    disable: (id, reason) => disableEndpoint(core, id, reason),
    async start() {
      await load();
      return ports.run("http.endpoints", async (signal) => {
        for (;;) {
          await ports.clock.sleep(reloadMs, signal, Number.POSITIVE_INFINITY);
          if (signal.aborted) return;
          // A database that is away for a while is reported by the workers; the next turn looks again.
          await load().catch((error: unknown) => ports.log.warn("endpoints.not_loaded", { error }));
        }
      });
    },
  };
}

/** What a copied database does to its endpoints: the original's receivers are not told of what happens in a copy. */
export async function disableCopiedEndpoints(tx: BillingTx, now: number): Promise<void> {
  await tx
    .updateTable("endpoints")
    .set({ disabled_at: now, disabled_reason: "This database is a copy. Make an endpoint of its own." })
    .where("disabled_at", "is", null)
    .execute();
}

function targetRules(core: HttpCore) {
  return { live: modeOf(core) === "live", allowPrivate: core.options.allowPrivateTargets === true };
}

interface Outgoing {
  readonly core: HttpCore;
  readonly send: SendOutgoing;
  readonly box: () => SecretBox;
}

function boxOf(core: HttpCore, random: Random): SecretBox {
  const { secret } = core.options;
  if (secret === undefined && modeOf(core) === "live") {
    throw problem("invalid_config", "Endpoint secrets cannot be kept without a secret of billing's own", {
      hint: "Set `secret` to 32 random bytes in hex or base64",
    });
  }
  // In test mode the test key serves: whoever has it may read every test secret anyway.
  return createSecretBox(secret ?? core.options.stripe.secretKey, random);
}

function freshEndpoint(
  { core, box }: Outgoing,
  input: Parameters<EndpointStore["create"]>[0],
  secret: string,
): { row: EndpointRow; secret: string } {
  const check = checkTarget(input.url, targetRules(core));
  if (!("url" in check)) {
    const details = { field: check.field, reason: check.reason };
    throw problem("target_refused", "Facts cannot be sent to this url", { hint: check.hint, details });
  }
  const id = core.ports.ids.next("ep");
  const row: EndpointRow = {
    id,
    url: check.url.href,
    fact_types: JSON.stringify(input.types),
    description: input.description ?? "",
    secret_box: box().seal(secret, id),
    previous_secret_box: null,
    previous_until: null,
    created_at: core.ports.clock.now(),
    disabled_at: null,
    disabled_reason: null,
  };
  return { row, secret };
}

function freshSecret(random: Random): string {
  return `whsec_${Buffer.from(random.bytes(secretBytes)).toString("base64")}`;
}

async function rotateSecret(
  { core, box }: Outgoing,
  id: string,
  { overlapMs, secret }: { overlapMs: number; secret: string },
): Promise<(Endpoint & { secret: string }) | undefined> {
  const until = overlapMs > 0 ? core.ports.clock.now() + Math.min(overlapMs, overlapMaxMs) : null;
  const secretBox = box().seal(secret, id);
  const row = await core.sql.write("endpoints.rotate", (tx) =>
    tx
      .updateTable("endpoints")
      .set((eb) => ({
        secret_box: secretBox,
        previous_secret_box: until === null ? null : eb.ref("secret_box"),
        previous_until: until,
      }))
      .where("id", "=", id)
      .where("disabled_at", "is", null)
      .returningAll()
      .executeTakeFirst(),
  );
  return row && { ...endpointOf(row), secret };
}

async function disableEndpoint(core: HttpCore, id: string, reason: string): Promise<Endpoint | undefined> {
  const changes = { disabled_at: core.ports.clock.now(), disabled_reason: reason };
  await core.sql.write("endpoints.disable", async (tx) => {
    await tx.deleteFrom("handlers").where("id", "=", `url:${id}`).execute();
    await tx.updateTable("endpoints").set(changes).where("id", "=", id).where("disabled_at", "is", null).execute();
  });
  const row = await findEndpoint(core, id);
  return row && endpointOf(row);
}

function findEndpoint(core: HttpCore, id: string): Promise<EndpointRow | undefined> {
  return core.sql.read("endpoints.find", (reader) =>
    reader.selectFrom("endpoints").selectAll().where("id", "=", id).executeTakeFirst(),
  );
}

/** One attempt. Throws when it failed: the outbox counts, waits and tries again. */
async function deliverFact(context: Outgoing, id: string, fact: Fact): Promise<void> {
  const { core } = context;
  const endpoint = await findEndpoint(core, id);
  // Disabled meanwhile: what was still waiting for it is done, nobody wants it any more.
  if (!endpoint || endpoint.disabled_at !== null) return;
  const check = checkTarget(endpoint.url, targetRules(core));
  if (!("url" in check)) throw problem("target_refused", `${id} may not be called`, { hint: check.hint });
  const now = core.ports.clock.now();
  const body = JSON.stringify({ type: fact.type, timestamp: fact.occurredAt.toISOString(), data: fact.data });
  const headers = {
    "content-type": "application/json",
    "user-agent": "Bursar (+https://www.standardwebhooks.com)",
    "webhook-id": fact.id,
    "webhook-timestamp": String(Math.floor(now / 1_000)),
    // Several signatures stand one beside the other, parted by a blank (Standard Webhooks, "Signature scheme").
    "webhook-signature": secretsOf(context, endpoint, now)
      .map((secret) => new Webhook(secret).sign(fact.id, new Date(now), body))
      .join(" "),
  };
  const answer = await context.send({ url: check.url, headers, body }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof TargetRefused) {
      const hint = modeOf(core) === "live" ? "Give the host a public address" : privateTargetsHint;
      throw problem("target_refused", `${id} may not be called: ${why}`, { hint });
    }
    throw problem("unavailable", `${id} did not answer: ${why}`, { cause: error });
  });
  core.ports.log.info("endpoint.delivered", {
    endpointId: id,
    factId: fact.id,
    type: fact.type,
    status: answer.status,
  });
  if (answer.status >= 200 && answer.status < 300) return;
  // 410 is how a receiver says "never again" (Standard Webhooks, "Failure handling").
  if (answer.status === 410) {
    await disableEndpoint(core, id, "it answered 410 Gone");
    return;
  }
  throw problem("unavailable", `${id} answered ${answer.status}`, {
    hint: "Answer 2xx once the fact is stored; redirects are not followed",
  });
}

/** The newest first. */
function secretsOf(context: Outgoing, endpoint: EndpointRow, now: number): readonly string[] {
  const { secret_box, previous_secret_box, previous_until } = endpoint;
  const isOverlap = previous_until !== null && now < previous_until;
  const boxes = isOverlap && previous_secret_box !== null ? [secret_box, previous_secret_box] : [secret_box];
  try {
    return boxes.map((box) => context.box().open(box, endpoint.id));
  } catch (cause) {
    throw problem("invalid_config", `The signing secret of ${endpoint.id} cannot be decrypted`, {
      hint: "It was stored under another `secret`. Bring that back, or make the endpoint anew",
      cause,
    });
  }
}

function endpointOf(row: EndpointRow): Endpoint {
  return {
    id: row.id,
    url: row.url,
    types: JSON.parse(row.fact_types) as Endpoint["types"],
    description: row.description,
    createdAt: new Date(row.created_at),
    previousSecretUntil: row.previous_until === null ? null : new Date(row.previous_until),
    disabledAt: row.disabled_at === null ? null : new Date(row.disabled_at),
    disabledReason: row.disabled_reason,
  };
}
