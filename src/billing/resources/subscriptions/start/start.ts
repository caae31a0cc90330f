// subscriptions.start: from names to a subscription at Stripe, and what became of it.
import { problem } from "#kit/problems.ts";
import type { Outcome, StartSubscription, SubscriptionStart } from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { admitAttempt } from "../../../kernel/journal/operations.ts";
import { canonicalJson } from "../../../kernel/store/canonical_json.ts";
import type { OperationRow } from "../../../kernel/store/tables.ts";
import { readCustomer, stripeCustomerOf } from "../../customers/index.ts";
import type { OpenInvoiceLink } from "../../invoices/index.ts";
import { readOf } from "../read.ts";
import { answerOf, type StartEnded } from "./answer.ts";
import { resolveStart } from "./resolve.ts";
import { makeRoom } from "./unpaid.ts";
import { type StartParams, start } from "./verb.ts";
import { checkStart, type StartAsked } from "./wish.ts";

/** A Customer who is gone at Stripe as often as this is taken away by somebody. */
const operationsMax = 5;

export async function startSubscription(
  core: BillingCore,
  openLink: OpenInvoiceLink,
  given: StartSubscription,
): Promise<Outcome<SubscriptionStart>> {
  const asked = checkStart(given);
  await readCustomer(core, asked.wish.customerId);
  await core.ready();
  let current = (await readBegun(core, asked)) ?? (await plan(core, asked));
  for (let n = 1; ; n++) {
    const { attempt, params } = current;
    const ended = await core.operations.carryOut(start, { subject: asked.id, attempt, params });
    const next = n < operationsMax ? await followerOf(core, asked.id, current, ended) : undefined;
    if (!next) return answerOf({ core, openLink, asked }, ended);
    current = next;
  }
}

interface Begun {
  /** Of the operation; what the caller has named is `asked`. */
  readonly attempt: number;
  readonly params: StartParams;
}

interface Written extends Begun {
  readonly state: OperationRow["state"];
}

/** All operations of a start, the newest first. */
async function operationsOf({ sql, kernel }: BillingCore, id: string): Promise<readonly Written[]> {
  const rows = await sql.read("subscriptions.starts", (reader) =>
    reader
      .selectFrom("operations")
      .select(["attempt", "state", "params"])
      .where("instance", "=", kernel.instance)
      .where("mode", "=", kernel.mode)
      .where("verb", "=", start.name)
      .where("subject", "=", id)
      .orderBy("attempt", "desc")
      .execute(),
  );
  return rows.map(({ params, ...row }) => ({ ...row, params: start.params.read(JSON.parse(params), "params") }));
}

/** What was begun is carried on as it was begun: catalog and customer may have other prices and cards by now. */
async function readBegun(core: BillingCore, { id, attempt, wish }: StartAsked): Promise<Begun | undefined> {
  const all = await operationsOf(core, id);
  const [latest] = all;
  if (!latest) return undefined;
  const begun = all.find(({ params }) => params.asked === (attempt ?? latest.params.asked));
  if (begun && canonicalJson(begun.params.wish) !== canonicalJson(wish)) {
    throw problem("conflict", `Start ${id} was given before with other parameters`, {
      hint: "One id is one start. Repeat it as it was, or use another id.",
      details: { id },
    });
  }
  return begun;
}

async function plan(core: BillingCore, { id, attempt, wish }: StartAsked): Promise<Begun> {
  const [latest] = await operationsOf(core, id);
  const asked = attempt ?? 1;
  admitAttempt(
    { verb: start.name, subject: id },
    latest && { attempt: latest.params.asked, state: latest.state },
    asked,
  );
  // What was bought elsewhere before anybody told us holds its slot too.
  await readOf(core, wish.customerId);
  const params = { ...(await resolveStart(core, wish)), asked, wish };
  await makeRoom(core, { customerId: wish.customerId, group: params.group, start: id });
  return { attempt: (latest?.attempt ?? 0) + 1, params };
}

/**
 * What goes on for the same attempt of the caller: the operation that was filed for the payer, whom the bank wants to
 * hear, or one for the Customer who has taken the place of one that was gone.
 */
async function followerOf(
  core: BillingCore,
  id: string,
  { attempt, params }: Begun,
  ended: StartEnded,
): Promise<Begun | undefined> {
  if (ended.state !== "refused" && ended.state !== "failed") return undefined;
  const filed = (await operationsOf(core, id)).find((one) => one.attempt === attempt + 1);
  if (filed) return filed.params.asked === params.asked ? filed : undefined;
  if (ended.refusal.code !== "resource_missing") return undefined;
  const stripeCustomerId = await stripeCustomerOf(core, params.wish.customerId);
  if (stripeCustomerId === params.stripeCustomerId) return undefined;
  return { attempt: attempt + 1, params: { ...params, stripeCustomerId } };
}
