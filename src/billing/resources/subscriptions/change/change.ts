// READ FIRST: changes a subscription, now or at the end of its period. What is wished is resolved once, by what Stripe
// says of the subscription at that moment; from then on the operation carries it out as it was resolved, whoever is
// there to ask for it again.
import { dayMs, minuteMs } from "#kit/clock.ts";
import { isProblem, problem } from "#kit/problems.ts";
import {
  type ChangeOptions,
  type ChangeSubscription,
  type Outcome,
  type Subscription,
  unpaidEnds,
  validForMsMax,
  validForMsMin,
} from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import type { Ended } from "../../../kernel/journal/operations.ts";
import {
  checkAttempt,
  checkFields,
  checkFlag,
  checkId,
  checkKey,
  checkOneOf,
  checkUrl,
  type Fields,
} from "../../input.ts";
import type { OpenInvoiceLink } from "../../invoices/index.ts";
import { latestIn } from "../../latest.ts";
import { answerOf } from "./answer.ts";
import {
  type ChangeWish,
  changeFields,
  checkChange,
  invalid,
  periodOf,
  refuseSchedule,
  refuseState,
  refuseUnpayable,
  type Standing,
  standingOf,
  targetOf,
  wishText,
} from "./asked/index.ts";
import { type ChangeParams, change, type PlanParams, plan } from "./made/index.ts";
import { discountsWith, offOf, prorationDateOf, showChange } from "./preview.ts";
import { previewedBy, refuseDifference, refuseOtherPeriod } from "./previewed.ts";

const optionFields: Fields<ChangeOptions> = {
  attempt: true,
  offSession: true,
  validForMs: true,
  ifUnpaid: true,
  returnUrl: true,
};

/** Who pays now is there to be asked again; who is away has agreed to be charged today, not some day. */
const validForMs = { on_session: 15 * minuteMs, off_session: dayMs } as const;

export async function changeSubscription(
  core: BillingCore,
  openLink: OpenInvoiceLink,
  { id, wish: given }: { readonly id: string; readonly wish: ChangeSubscription },
): Promise<Outcome<Subscription>> {
  const asked = checkAsked(given);
  await core.ready();
  const subject = `${id}:${asked.wishId}`;
  const begun = await begunOf(core, subject, asked);
  const { ended, verb } = await (begun
    ? carryOut(core, subject, asked, begun)
    : resolve(core, id, asked)
        .then((wished) => carryOut(core, subject, asked, wished))
        .catch((error: unknown) => carryOnOther(core, { subject, asked, error })));
  return answerOf(core, ended, { id, wishId: asked.wishId, verb, openLink, returnUrl: asked.returnUrl });
}

interface Carried {
  readonly ended: Ended<unknown>;
  readonly verb: Wished["verb"];
}

/** Somebody may have wished the same at this moment, and resolved it a second before: then theirs is carried out. */
async function carryOnOther(
  core: BillingCore,
  { subject, asked, error }: { subject: string; asked: Asked; error: unknown },
): Promise<Carried> {
  const other = isProblem(error) ? await begunOf(core, subject, asked) : undefined;
  if (!other) throw error;
  return carryOut(core, subject, asked, other);
}

async function carryOut(
  core: BillingCore,
  subject: string,
  { attempt }: Asked,
  { verb, params }: Wished,
): Promise<Carried> {
  const ended =
    verb === "change"
      ? await core.operations.carryOut(change, { subject, attempt, params })
      : await core.operations.carryOut(plan, { subject, attempt, params });
  return { ended, verb };
}

interface Asked {
  readonly wishId: string;
  readonly token: string | undefined;
  /** Of a token what was previewed is wished. */
  readonly wish: ChangeWish | undefined;
  readonly attempt: number | undefined;
  readonly behavior: ChangeParams["behavior"] | undefined;
  readonly validForMs: number;
  readonly returnUrl: string | undefined;
}

function checkAsked(given: ChangeSubscription): Asked {
  const isByToken = typeof given === "object" && given !== null && "token" in given && given.token !== undefined;
  const options = isByToken
    ? checkFields("options", given, { ...optionFields, token: true })
    : checkFields("options", given, { ...optionFields, ...changeFields, id: true });
  const { attempt, offSession, validForMs: valid, ifUnpaid, returnUrl, ...rest } = options;
  const session = (checkFlag("offSession", offSession) ?? true) ? "off_session" : "on_session";
  checkValidity(valid);
  const common = {
    attempt: checkAttempt(attempt),
    behavior: checkOneOf("ifUnpaid", ifUnpaid, unpaidEnds),
    validForMs: valid ?? validForMs[session],
    returnUrl: checkUrl("returnUrl", returnUrl),
  };
  if ("token" in rest) {
    const token = checkKey("token", rest.token);
    return { ...common, wishId: checkId("token", token), token, wish: undefined };
  }
  const { id, ...wish } = rest;
  return { ...common, wishId: checkId("id", id), token: undefined, wish: checkChange(wish) };
}

function checkValidity(given: number | undefined): void {
  if (given === undefined || (Number.isSafeInteger(given) && given >= validForMsMin && given <= validForMsMax)) return;
  throw invalid("validForMs", `is an integer of milliseconds, ${validForMsMin} to ${validForMsMax}`);
}

type Wished =
  | { readonly verb: "change"; readonly params: ChangeParams }
  | { readonly verb: "plan"; readonly params: PlanParams };

/** What was begun is carried on as it was begun, whatever the subscription has become since. */
async function begunOf(core: BillingCore, subject: string, asked: Asked): Promise<Wished | undefined> {
  const [changing, planning] = await core.sql.read("subscriptions.begun", async (reader) => [
    await latestIn(reader, core.kernel, { verb: change, subject }),
    await latestIn(reader, core.kernel, { verb: plan, subject }),
  ]);
  const latest = changing ?? planning;
  if (!latest || (asked.attempt !== undefined && asked.attempt > latest.attempt)) return undefined;
  const params = JSON.parse(latest.params) as unknown;
  const wished: Wished = changing
    ? { verb: "change", params: change.params.read(params, "params") }
    : { verb: "plan", params: plan.params.read(params, "params") };
  const isSame = asked.wish === undefined || wishText(asked.wish) === wished.params.wish;
  const isSameEnd = asked.behavior === undefined || wished.verb === "plan" || asked.behavior === wished.params.behavior;
  if (isSame && isSameEnd) return wished;
  throw problem("conflict", `Change ${asked.wishId} of the subscription was wished before with other parameters`, {
    hint: "Repeat it with the same parameters, or use another id for another wish.",
    details: { operation: latest.id },
  });
}

/** What is new: checked, and previewed again where it was previewed. */
async function resolve(core: BillingCore, id: string, asked: Asked): Promise<Wished> {
  const previewed = asked.token === undefined ? undefined : await previewedBy(core, id, asked.token);
  const wish = asked.wish ?? previewed?.wish;
  if (wish === undefined) throw invalid("token", "is missing, and so is what is wished");
  const standing = await standingOf(core, id);
  refuseState(standing, wish);
  refuseSchedule(core, standing);
  if (previewed) refuseOtherPeriod(id, previewed, periodOf(standing.row).end);
  const target = targetOf(standing, wish);
  const off = await offOf(core, standing, wish);
  const prorationDate = previewed ? previewed.prorationDate : prorationDateOf(standing, wish, target);
  const showing = { standing, wish, target, prorationDate, off };
  // What is taken off follows a change that is paid: what Stripe would not take off then is refused before it.
  const isTakenOff = off.length > 0 && target.items.length > 0;
  const shown = previewed || isTakenOff ? await showChange(core, showing) : undefined;
  if (previewed && shown) refuseDifference(id, previewed, shown);
  const { row } = standing;
  const common = {
    subscriptionId: id,
    customerId: row.customer ?? "",
    wishId: asked.wishId,
    wish: wishText(wish),
    after: target.after,
  };
  if (wish.when === "period_end") {
    const isOnClock = row.testClock !== null;
    return {
      verb: "plan",
      params: { ...common, schedule: row.schedule, discounts: off, at: periodOf(row).end, isOnClock },
    };
  }
  const behavior = asked.behavior ?? "keep_old";
  if (wish.prorate && target.items.length > 0) await refuseUnpayable(core, standing, behavior);
  return { verb: "change", params: { ...common, ...changeOf(standing, { target, off, prorationDate }), ...paying() } };

  function paying() {
    return {
      prorate: wish?.prorate ?? true,
      behavior,
      validForMs: asked.validForMs,
      ...(previewed && { previewed: { bill: previewed.shown.bill } }),
    };
  }
}

interface Changing {
  readonly target: ReturnType<typeof targetOf>;
  readonly off: Awaited<ReturnType<typeof offOf>>;
  readonly prorationDate: number | undefined;
}

function changeOf({ row }: Standing, { target, off, prorationDate }: Changing) {
  const isOffOnly = target.items.length === 0;
  return {
    kind: isOffOnly ? ("discounts" as const) : ("items" as const),
    schedule: isOffOnly ? null : row.schedule,
    items: target.items,
    previous: row.items.map(({ id, price, quantity }) => ({ id, price, quantity })),
    ...(prorationDate !== undefined && { prorationDate }),
    discounts: isOffOnly ? (discountsWith({ row }, off) as ChangeParams["discounts"]) : off,
    latestInvoice: row.latestInvoice,
  };
}
