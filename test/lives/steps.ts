// What may happen in a life. Each step is one wish, of which dice decide the details.
import { assertPromised } from "./advance.ts";
import type { Answer } from "./core.ts";
import type { Dice } from "./dice.ts";
import { type Life, mark, tryTo } from "./life.ts";

const day = 86_400;
const behaviors = ["create_prorations", "always_invoice", "none"] as const;
const payments = ["allow_incomplete", "default_incomplete", "error_if_incomplete"] as const;

export const steps = {
  subscribe,
  change,
  end,
  pause,
  resume,
  card,
  discount,
  invoice,
  item,
  collect,
  terms,
  takeBack,
  balance,
} as const satisfies Record<string, (life: Life, dice: Dice) => void>;

function livingOf(life: Life): Answer[] {
  return life.subscriptions
    .map((id) => life.must(`GET /v1/subscriptions/${id}`))
    .filter(({ status }) => status !== "canceled" && status !== "incomplete_expired");
}

function some<T>(dice: Dice, oneIn: number, make: () => T): T | undefined {
  return dice.isOneIn(oneIn) ? make() : undefined;
}

function subscribe(life: Life, dice: Dice): void {
  if (livingOf(life).length >= 3) return;
  const { catalog, customer, at } = life;
  const first = dice.of(catalog.prices);
  const second = some(dice, 3, () => dice.of(catalog.prices));
  const items = [first, ...(second && second !== first ? [second] : [])].map((price) => ({
    price,
    quantity: 1 + dice.below(7),
    tax_rates: some(dice, 5, () => [dice.of(catalog.rates)]),
    discounts: some(dice, 9, () => [{ coupon: dice.of(catalog.coupons) }]),
  }));
  const isSent = dice.isOneIn(5);
  const trial = some(dice, 4, () => 1 + dice.below(40));
  const behavior = some(dice, 4, () => dice.of(behaviors.filter((one) => one !== "always_invoice")));
  const anchor = some(dice, 4, () => dice.below(2) === 0);
  const made = tryTo(life, "POST /v1/subscriptions", {
    customer,
    items,
    billing_mode: { type: dice.of(["classic", "flexible"]) },
    ...(isSent && { collection_method: "send_invoice", days_until_due: dice.below(40) }),
    trial_period_days: trial,
    ...(trial !== undefined && {
      trial_settings: { end_behavior: { missing_payment_method: dice.of(["create_invoice", "cancel", "pause"]) } },
    }),
    ...(anchor === true &&
      trial === undefined && { billing_cycle_anchor_config: { day_of_month: 1 + dice.below(31) } }),
    ...(anchor === false && { billing_cycle_anchor: at + day * (1 + dice.below(25)) }),
    proration_behavior: behavior,
    payment_behavior: some(dice, 3, () => dice.of(payments)),
    discounts: some(dice, 4, () => [{ coupon: dice.of(catalog.coupons) }]),
    default_tax_rates: some(dice, 4, () => [dice.of(catalog.rates)]),
    cancel_at: some(dice, 8, () => at + day * (3 + dice.below(200))),
    add_invoice_items: some(dice, 6, () => [{ price: catalog.extras[0], quantity: 1 + dice.below(3) }]),
  });
  if (!made) return;
  life.subscriptions.push(made.id);
  if (trial !== undefined) mark(life, made.id, "free");
  if (behavior === "none") mark(life, made.id, "unprorated");
}

/** Of items, quantities, the anchor, a trial, all in one call or some of them. */
function change(life: Life, dice: Dice): void {
  const living = livingOf(life);
  if (living.length === 0) return;
  const subscription = dice.of(living);
  const { id } = subscription;
  const params = changeOf(life, dice, subscription);
  const details = Object.fromEntries(Object.entries(params).filter(([name]) => !beyondPreview.includes(name)));
  const preview = life.ask("POST /v1/invoices/create_preview", { subscription: id, subscription_details: details });
  const updated = tryTo(life, `POST /v1/subscriptions/${id}`, params);
  if (!updated) return;
  // What is given back from a second before is billed anew from now on only.
  const isLate =
    params.proration_date !== undefined && updated.billing_cycle_anchor !== subscription.billing_cycle_anchor;
  if (params.proration_behavior === "none" || isLate) mark(life, id, "unprorated");
  if (params.trial_end !== undefined || params.billing_cycle_anchor !== undefined) mark(life, id, "free");
  if (preview.status !== 200) return;
  const charged = updated.latest_invoice !== subscription.latest_invoice;
  if (charged) assertPromised(preview.json, life.must(`GET /v1/invoices/${updated.latest_invoice}`));
}

/** What a preview does not take, and what it is the same without. */
const beyondPreview = ["payment_behavior"];

function changeOf({ catalog, at }: Life, dice: Dice, { items }: Answer): Record<string, unknown> {
  const kind = dice.of(["quantity", "price", "add", "remove", "anchor", "trial", "cancel_at"]);
  const item = dice.of(items.data as Answer[]);
  const sent = {
    quantity: { items: [{ id: item.id, quantity: dice.below(8) }] },
    price: { items: [{ id: item.id, price: dice.of(catalog.prices), quantity: 1 + dice.below(5) }] },
    add: { items: [{ price: dice.of(catalog.prices), quantity: 1 + dice.below(5) }] },
    remove: { items: [{ id: item.id, deleted: true }] },
    anchor: { billing_cycle_anchor: "now" },
    trial: { trial_end: dice.isOneIn(3) ? "now" : at + day * (1 + dice.below(60)) },
    cancel_at: { cancel_at: at + day * (1 + dice.below(100)) },
  }[kind];
  const from = item.current_period_start;
  const isDated = dice.isOneIn(6) && from < at && (kind === "quantity" || kind === "add" || kind === "remove");
  return {
    ...sent,
    proration_behavior: some(dice, 2, () => dice.of(behaviors)),
    ...(isDated && { proration_date: from + Math.floor((at - from) / 2) }),
    payment_behavior: some(dice, 5, () => dice.of(payments)),
  };
}

function end(life: Life, dice: Dice): void {
  const living = livingOf(life);
  if (living.length === 0) return;
  const { id } = dice.of(living);
  const kind = dice.of(["at_period_end", "now", "taken_back", "prorated", "invoiced"]);
  const flags: Record<string, object> = {
    now: {},
    prorated: { prorate: true },
    invoiced: { prorate: dice.isOneIn(2), invoice_now: true },
  };
  if (kind === "at_period_end") tryTo(life, `POST /v1/subscriptions/${id}`, { cancel_at_period_end: true });
  else if (kind === "taken_back") tryTo(life, `POST /v1/subscriptions/${id}`, { cancel_at_period_end: false });
  else tryTo(life, `DELETE /v1/subscriptions/${id}`, flags[kind]);
}

function pause(life: Life, dice: Dice): void {
  const living = livingOf(life);
  if (living.length === 0) return;
  const { id } = dice.of(living);
  const behavior = dice.of(["keep_as_draft", "mark_uncollectible", "void"]);
  const resumes_at = some(dice, 2, () => life.at + day * (1 + dice.below(90)));
  mark(life, id, "by hand");
  tryTo(life, `POST /v1/subscriptions/${id}`, {
    pause_collection: dice.isOneIn(3) ? "" : { behavior, resumes_at },
  });
}

function resume(life: Life, dice: Dice): void {
  const paused = livingOf(life).filter(({ status }) => status === "paused");
  if (paused.length > 0) tryTo(life, `POST /v1/subscriptions/${dice.of(paused).id}/resume`);
}

/** The customer's card becomes a good one, one that is declined, or one that asks. */
function card(life: Life, dice: Dice): void {
  const token = dice.of(["pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_authenticationRequired"]);
  const { customer } = life;
  const method = tryTo(life, `POST /v1/payment_methods/${token}/attach`, { customer });
  if (method)
    tryTo(life, `POST /v1/customers/${customer}`, { invoice_settings: { default_payment_method: method.id } });
}

function discount(life: Life, dice: Dice): void {
  const living = livingOf(life);
  if (living.length === 0) return;
  const discounts = dice.isOneIn(4) ? "" : [{ coupon: dice.of(life.catalog.coupons) }];
  tryTo(life, `POST /v1/subscriptions/${dice.of(living).id}`, { discounts });
}

/** An invoice that no subscription makes, with what waits for its customer. */
function invoice(life: Life, dice: Dice): void {
  const { customer, catalog } = life;
  tryTo(life, "POST /v1/invoices", {
    customer,
    currency: catalog.currency,
    auto_advance: dice.isOneIn(2),
    pending_invoice_items_behavior: dice.of(["include", "exclude"]),
    discounts: some(dice, 3, () => [{ coupon: dice.of(catalog.coupons) }]),
  });
}

function item(life: Life, dice: Dice): void {
  const { customer, catalog, at } = life;
  tryTo(life, "POST /v1/invoiceitems", {
    customer,
    currency: catalog.currency,
    amount: dice.of([700, -300, 12_345, -9000, 1]),
    description: "Consulting",
    period: some(dice, 3, () => ({ start: at - 100, end: at })),
    tax_rates: some(dice, 4, () => [dice.of(catalog.rates)]),
  });
}

/** What is to be collected is paid, written off, voided, or finalized by hand. */
function collect(life: Life, dice: Dice): void {
  const waiting = life
    .all("/v1/invoices", { customer: life.customer })
    .filter(({ status }) => status === "draft" || status === "open" || status === "uncollectible");
  if (waiting.length === 0) return;
  const one = dice.of(waiting);
  const at = `POST /v1/invoices/${one.id}`;
  const isDraft = one.status === "draft";
  const kind = isDraft ? dice.of(["finalize", "pay"]) : dice.of(["pay", "void", "mark_uncollectible", "out_of_band"]);
  const subscription = one.parent?.subscription_details?.subscription;
  if (subscription) mark(life, subscription, "by hand");
  if (kind === "out_of_band") tryTo(life, `${at}/pay`, { paid_out_of_band: true });
  else tryTo(life, `${at}/${kind}`, kind === "pay" ? { payment_method: dice.of(["pm_card_visa", undefined]) } : {});
}

/** Its invoices are sent from now on, or charged again; or an item of it ends at an address of its own. */
function terms(life: Life, dice: Dice): void {
  const living = livingOf(life);
  if (living.length === 0) return;
  const { id, items } = dice.of(living);
  const kind = dice.of(["sent", "charged", "item", "discount"]);
  const item = dice.of(items.data as Answer[]).id;
  if (kind === "item") tryTo(life, `DELETE /v1/subscription_items/${item}`);
  else if (kind === "discount")
    tryTo(life, `POST /v1/subscription_items/${item}`, { discounts: [{ coupon: dice.of(life.catalog.coupons) }] });
  else if (kind === "charged")
    tryTo(life, `POST /v1/subscriptions/${id}`, { collection_method: "charge_automatically" });
  else
    tryTo(life, `POST /v1/subscriptions/${id}`, { collection_method: "send_invoice", days_until_due: dice.below(20) });
}

/** A draft is deleted, and what it would have billed is nobody's any more. */
function takeBack(life: Life, dice: Dice): void {
  const drafts = life.all("/v1/invoices", { customer: life.customer, status: "draft" });
  if (drafts.length === 0) return;
  const draft = dice.of(drafts);
  const subscription = draft.parent?.subscription_details?.subscription;
  if (subscription) mark(life, subscription, "unprorated");
  tryTo(life, `DELETE /v1/invoices/${draft.id}`);
}

function balance(life: Life, dice: Dice): void {
  const { customer, catalog } = life;
  const amount = dice.of([-1500, 300, -20, 20]);
  tryTo(life, `POST /v1/customers/${customer}/balance_transactions`, { amount, currency: catalog.currency });
}
