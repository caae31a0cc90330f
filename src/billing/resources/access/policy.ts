// READ FIRST: what a customer may use at an instant, by what is paid and not by a status: pure, and the only place that
// knows. A period of a subscription's item counts when the invoice that asks for it is paid, or owes nothing. What has
// not been paid yet is lent as long as nothing has failed; from the first failure on an open debt has its days of
// grace, once, however often it is tried again. docs/decisions/0065 argues each rule.
import { dayMs, type Instant } from "#kit/clock.ts";
import {
  type AccessLimit,
  type AccessPolicy,
  type AccessReason,
  accessReasons,
  type FeatureType,
  type InvoiceStatus,
  type SubscriptionStatus,
} from "../../api/index.ts";

/** All that access follows from. Instants are of the customer's own time: Stripe's, or that of a test clock. */
export interface AccessInput {
  readonly subscriptions: readonly HeldSubscription[];
  /** Of these subscriptions. */
  readonly invoices: readonly AskedInvoice[];
  readonly grants: readonly HeldGrant[];
  readonly features: Readonly<Record<string, FeatureType>>;
  /** What a price of the catalog gives; one that stands outside of it gives nothing. */
  readonly sold: ReadonlyMap<string, Given>;
  readonly policy: AccessPolicy;
}

type FeatureValue = boolean | number | "unlimited";
export type Given = Readonly<Record<string, FeatureValue>>;

export interface HeldSubscription {
  readonly id: string;
  readonly status: SubscriptionStatus;
  readonly isCollectionPaused: boolean;
  readonly trialEnd: Instant | null;
  /** When it will end, by whoever's wish. */
  readonly endsAt: Instant | null;
  /** Of one that is over: whether it ended when it was to, or because a payment was disputed. */
  readonly isEndedForGood: boolean;
  /** For how long an invoice need not be paid; null where Stripe collects by itself. */
  readonly daysUntilDue: number | null;
  readonly items: readonly HeldItem[];
}

export interface HeldItem {
  readonly id: string;
  readonly price: string;
  /** null: what is metered has none, and is asked for afterwards. */
  readonly quantity: number | null;
  readonly periodStart: Instant;
  readonly periodEnd: Instant;
}

export interface AskedInvoice {
  readonly subscription: string;
  readonly status: InvoiceStatus;
  /** What is left to pay, in minor units. */
  readonly remaining: number;
  /** Somebody has tried to take it. */
  readonly isAttempted: boolean;
  /** The bank is at it. */
  readonly isProcessing: boolean;
  /** When the first try to pay it failed, for ever. */
  readonly failedAt: Instant | null;
  readonly dueAt: Instant | null;
  /** The payer's bank has taken a payment of it back: until it is decided, or for good. */
  readonly dispute: "open" | "lost" | null;
  /** All of it went back, or what was unused of it did when its subscription ended. */
  readonly isGivenBack: boolean;
  readonly lines: readonly AskedLine[];
}

/** What is asked for an item of the subscription for a time. */
export interface AskedLine {
  readonly item: string;
  readonly price: string | null;
  readonly amount: number;
  readonly start: Instant;
  readonly end: Instant;
}

export interface HeldGrant {
  readonly feature: string;
  readonly limit: AccessLimit;
  readonly until: Instant | null;
}

export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reason: AccessReason;
  readonly limit: AccessLimit;
  readonly until: Instant | null;
}

/**
 * Stripe keeps an invoice a draft for an hour, and for three days while no webhook of it is answered; a day more for
 * what comes late. https://docs.stripe.com/invoicing/integration/workflow-transitions
 */
export const lentMs = 4 * dayMs;

/** Of every feature that anything of the customer's gives or gave, at the instant. */
export function accessAt(input: AccessInput, now: Instant): ReadonlyMap<string, AccessAnswer> {
  const sources = [...itemSources(input, now), ...grantSources(input, now)];
  const byFeature = Map.groupBy(sources, ({ feature }) => feature);
  return new Map(
    [...byFeature].flatMap(([feature, some]) => {
      const type = input.features[feature];
      return type === undefined ? [] : [[feature, sumOf(type, some)] as const];
    }),
  );
}

/** The answer where nothing gives the feature. */
export function nothing(type: FeatureType): AccessAnswer {
  return { allowed: false, reason: "none", limit: type === "boolean" ? null : 0, until: null };
}

/** Something that gives, or would give, so much of a feature. */
interface Source extends Standing {
  readonly feature: string;
  readonly value: FeatureValue;
}

interface Standing {
  readonly allowed: boolean;
  readonly reason: AccessReason;
  readonly until: Instant | null;
}

/** Several at once: boolean is any of them, a number the largest, seats are added up. */
function sumOf(type: FeatureType, sources: readonly Source[]): AccessAnswer {
  const allowed = sources.filter((one) => one.allowed);
  // The one that lasts longest says why and until when; of those that last as long, the first of the list of reasons.
  const [first] = (allowed.length > 0 ? allowed : sources).toSorted(byWeight);
  if (!first) return nothing(type);
  const { reason, until } = first;
  if (allowed.length === 0) return { ...nothing(type), reason };
  return { allowed: true, reason, limit: limitOf(type, allowed), until };
}

function limitOf(type: FeatureType, sources: readonly Source[]): AccessLimit {
  if (type === "boolean") return null;
  const values = sources.map(({ value }) => value);
  if (values.includes("unlimited")) return "unlimited";
  const numbers = values.map(Number);
  return type === "seats" ? numbers.reduce((sum, one) => sum + one, 0) : Math.max(...numbers);
}

const rank = (reason: AccessReason) => accessReasons.indexOf(reason);
const lasting = (until: Instant | null) => until ?? Number.POSITIVE_INFINITY;

function byWeight(a: Source, b: Source): number {
  if (a.until !== b.until) return lasting(b.until) - lasting(a.until);
  return rank(a.reason) - rank(b.reason);
}

function grantSources({ grants }: AccessInput, now: Instant): Source[] {
  return grants.map(({ feature, limit, until }) => {
    const isOver = until !== null && until <= now;
    const standing = isOver ? no("none") : yes("granted", until);
    return { feature, value: limit ?? true, ...standing };
  });
}

function itemSources(input: AccessInput, now: Instant): Source[] {
  return input.subscriptions.flatMap((subscription) => {
    const invoices = input.invoices.filter((invoice) => invoice.subscription === subscription.id);
    return subscription.items.flatMap((item) => {
      const given = input.sold.get(item.price);
      if (!given) return [];
      const standing = standingOf({ subscription, item, invoices, policy: input.policy }, now);
      return Object.entries(given).flatMap(([feature, value]): Source[] => {
        const amount = input.features[feature] === "seats" ? Number(value) * (item.quantity ?? 1) : value;
        return amount === false || amount === 0 ? [] : [{ feature, value: amount, ...standing }];
      });
    });
  });
}

const yes = (reason: AccessReason, until: Instant | null = null): Standing => ({ allowed: true, reason, until });
const no = (reason: AccessReason): Standing => ({ allowed: false, reason, until: null });
const by = (isAllowed: boolean, reason: AccessReason): Standing => (isAllowed ? yes(reason) : no(reason));

interface Held {
  readonly subscription: HeldSubscription;
  readonly item: HeldItem;
  readonly invoices: readonly AskedInvoice[];
  readonly policy: AccessPolicy;
}

/** How one item of a subscription stands. */
function standingOf(held: Held, now: Instant): Standing {
  const { subscription, invoices, policy } = held;
  const { status, endsAt } = subscription;
  if (status === "incomplete_expired") return no("none");
  if (status === "canceled") return afterEnd(held, now);
  if (endsAt !== null && endsAt <= now) return no("none");
  const isDisputed = invoices.some(({ dispute }) => dispute === "open");
  if (isDisputed && !policy.whileDisputed) return no("disputed");
  const standing = beforeEnd(held, now);
  if (!standing.allowed) return standing;
  const isLeft = endsAt !== null && standing.reason === "active";
  const reason = isDisputed ? "disputed" : isLeft ? "canceled_with_time_left" : standing.reason;
  return yes(reason, endsAt === null ? standing.until : Math.min(endsAt, lasting(standing.until)));
}

/** Canceled at once, and the time that was paid for is not over. What was to end has ended when it was to. */
function afterEnd({ subscription, item, invoices, policy }: Held, now: Instant): Standing {
  if (subscription.isEndedForGood) return no("none");
  const isDisputed = invoices.some(({ dispute }) => dispute === "open");
  const own = invoices
    .filter(({ status }) => status !== "void")
    .flatMap((invoice) => invoice.lines.map((line) => ({ ...line, isPaid: counts(invoice) && !invoice.isGivenBack })))
    .filter((line) => line.item === item.id && line.start <= now && now < line.end);
  const latest = Math.max(...own.map(({ start }) => start));
  // A credit with nothing that was asked for in its place: what was left was given back.
  const isGivenBack = own.filter(({ start }) => start === latest).every(({ amount }) => amount < 0);
  const ends = own.filter(({ amount, isPaid }) => amount > 0 && isPaid).map(({ end }) => end);
  if (ends.length === 0 || isGivenBack) return no("none");
  if (isDisputed) return policy.whileDisputed ? yes("disputed", Math.max(...ends)) : no("disputed");
  return yes("canceled_with_time_left", Math.max(...ends));
}

function beforeEnd(held: Held, now: Instant): Standing {
  const { subscription, invoices, policy } = held;
  const { status, trialEnd } = subscription;
  if (status === "trialing" && trialEnd !== null && now < trialEnd) return yes("trial", trialEnd);
  if (status === "paused") return by(policy.whilePaused, "paused");
  if (status === "incomplete") {
    return invoices.some(({ isProcessing }) => isProcessing) ? by(policy.whileProcessing, "processing") : no("unpaid");
  }
  const asking = askingFor(held, now);
  if (asking.length === 0) return lent(held, unaskedSince(held.item, now), now);
  const isWaived = ({ status }: AskedInvoice) => status === "void" && subscription.isCollectionPaused;
  const isPaid = asking.every((invoice) => counts(invoice) && !isWaived(invoice));
  return isPaid ? yes("active") : unpaid(held, asking, now);
}

/**
 * The invoices that ask for the item at its price at the instant. After a change whose prorations wait for the next
 * invoice only the price before was asked for; an item that came without any is had with the rest.
 */
function askingFor({ item, invoices }: Held, now: Instant): readonly AskedInvoice[] {
  const covers = (line: AskedLine) => line.amount >= 0 && line.start <= now && now < line.end;
  const having = (wanted: (line: AskedLine) => boolean) =>
    invoices.filter(({ lines }) => lines.some((line) => covers(line) && wanted(line)));
  const atPrice = having((line) => line.item === item.id && line.price === item.price);
  if (atPrice.length > 0) return atPrice;
  const ofItem = having((line) => line.item === item.id);
  return ofItem.length > 0 ? ofItem : having(() => true);
}

/** It is paid, or there is nothing to pay: one that nobody tried to take before it was voided was waived. */
function counts({ status, remaining, dispute, isAttempted, isProcessing }: AskedInvoice): boolean {
  if (dispute === "lost") return false;
  if (status === "void") return !isAttempted;
  return status === "paid" || (status === "open" && remaining === 0 && !isProcessing);
}

/** Some of what asks is not paid. What is lost for good weighs most, then a debt, a rest, a bank that is at it. */
function unpaid(held: Held, asking: readonly AskedInvoice[], now: Instant): Standing {
  const { subscription, policy } = held;
  const { isCollectionPaused } = subscription;
  const left = asking.filter((invoice) => !counts(invoice) || (isCollectionPaused && invoice.status === "void"));
  if (left.some(({ dispute }) => dispute === "lost")) return no("disputed");
  const closed = left.filter(({ status }) => status === "void" || status === "uncollectible");
  if (closed.some(({ isAttempted }) => isAttempted || !isCollectionPaused)) return no("unpaid");
  const owedSince = debtSince(held, now);
  if (owedSince !== null) return grace(owedSince, policy, now);
  if (isCollectionPaused) return by(policy.whilePaused, "paused");
  if (left.some(({ isProcessing }) => isProcessing)) return by(policy.whileProcessing, "processing");
  if (left.every(({ status, dueAt }) => status === "open" && dueAt !== null)) return yes("active");
  const begun = left.flatMap(({ lines }) => lines.filter((line) => line.start <= now && now < line.end));
  return lent(held, Math.min(...begun.map(({ start }) => start)), now);
}

/** The first failure, or due date that is over, of the invoices that are open; null where nothing is owed. */
function debtSince({ invoices }: Held, now: Instant): Instant | null {
  const open = invoices.filter(({ status, isProcessing }) => status === "open" && !isProcessing);
  const since = open.flatMap(({ failedAt, dueAt }) => {
    const overdueAt = dueAt !== null && dueAt <= now ? dueAt : null;
    return [failedAt, overdueAt].filter((at) => at !== null);
  });
  return since.length === 0 ? null : Math.min(...since);
}

function grace(since: Instant, { graceDays }: AccessPolicy, now: Instant): Standing {
  const end = since + graceDays * dayMs;
  return now < end ? yes("grace", end) : no("unpaid");
}

/** Nothing asks for this time: it has begun and no invoice of it is known, or it is metered. */
function unaskedSince({ quantity, periodStart, periodEnd }: HeldItem, now: Instant): Instant {
  const isMetered = quantity === null;
  return now >= periodEnd || isMetered ? periodEnd : periodStart;
}

/** A period that has begun and was not paid yet, of a subscription of which nothing has failed. */
function lent(held: Held, since: Instant, now: Instant): Standing {
  const { subscription, policy } = held;
  const owedSince = debtSince(held, now);
  if (owedSince !== null) return grace(owedSince, policy, now);
  if (subscription.isCollectionPaused) return by(policy.whilePaused, "paused");
  const untilDue = (subscription.daysUntilDue ?? 0) * dayMs;
  return subscription.status !== "unpaid" && now < since + lentMs + untilDue ? yes("active") : no("unpaid");
}
