// For tests: everything happens that can. Every type of event is sent, and of every noun there is an object.
import assert from "node:assert/strict";
import { dayMs, minuteMs } from "#kit/clock.ts";
import { type SandboxWorld, secretKey } from "../testing.ts";

export type Json = Readonly<Record<string, unknown>>;

const never = "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";
const consent = "mandate_data[customer_acceptance][type]=offline";
const beforeBasil = "2025-02-24.acacia";

async function made(world: SandboxWorld, address: string, form = "", version?: string): Promise<Json> {
  const headers: Record<string, string> = version === undefined ? {} : { "stripe-version": version };
  const { json } = await world.call("POST", address, { form, headers });
  assert.ok(json.id, `${address} ${form}: ${JSON.stringify(json)}`);
  return json;
}

async function paid(world: SandboxWorld, card: string, more = ""): Promise<Json> {
  const form = `amount=2000&currency=eur&confirm=true&${never}&payment_method=pm_card_${card}${more}`;
  return (await world.call("POST", "/v1/payment_intents", form)).json;
}

/** Whatever happens to customers and what they pay with. */
async function customers(world: SandboxWorld): Promise<void> {
  const customer = String((await made(world, "/v1/customers", "name=Ada")).id);
  await made(world, `/v1/customers/${customer}`, "name=Eve");
  const card = await made(world, `/v1/customers/${customer}/sources`, "source=tok_visa");
  await made(world, `/v1/customers/${customer}/sources/${card.id}`, "name=Ada");
  await world.call("DELETE", `/v1/customers/${customer}/sources/${card.id}`);
  await made(world, "/v1/sources", "type=card&token=tok_visa");
  const method = await made(world, "/v1/payment_methods/pm_card_visa/attach", `customer=${customer}`);
  await made(world, `/v1/payment_methods/${method.id}`, "billing_details[name]=Ada");
  await made(world, `/v1/payment_methods/${method.id}/detach`);
  const debit = `confirm=true&${never}&${consent}&customer=${customer}&payment_method=pm_sepaDebit_success_de`;
  const { payment_method } = await made(world, "/v1/setup_intents", debit);
  await made(world, `/v1/payment_methods/${payment_method}/detach`); // Ends its mandate.
  await world.call("DELETE", `/v1/customers/${customer}`);
}

async function intents(world: SandboxWorld): Promise<void> {
  const held = await paid(world, "visa", "&capture_method=manual");
  await made(world, `/v1/payment_intents/${held.id}/capture`);
  await paid(world, "visa", "&capture_method=manual"); // Expires after a week.
  await paid(world, "chargeDeclined");
  await paid(world, "authenticationRequired");
  await paid(world, "visa", "&capture_method=automatic_async");
  const open = await made(world, "/v1/payment_intents", "amount=2000&currency=eur");
  await made(world, `/v1/payment_intents/${open.id}/cancel`);
  const debit = `amount=2000&currency=eur&confirm=true&${never}&${consent}&payment_method=pm_sepaDebit_success_de`;
  await made(world, "/v1/payment_intents", debit);
  for (const card of ["visa", "chargeDeclined", "authenticationRequired"]) {
    await world.call("POST", "/v1/setup_intents", `confirm=true&${never}&payment_method=pm_card_${card}`);
  }
  const setup = await made(world, "/v1/setup_intents");
  await made(world, `/v1/setup_intents/${setup.id}/cancel`);
}

async function money(world: SandboxWorld): Promise<void> {
  for (const card of ["visa", "refundFail"]) {
    await made(world, "/v1/refunds", `payment_intent=${(await paid(world, card)).id}`);
  }
  const warned = await paid(world, "createIssuerFraudRecord");
  const reviewed = await paid(world, "riskLevelElevated");
  const disputed = await paid(world, "createDispute");
  await world.clock.advance(minuteMs);
  for (const { id } of [warned, reviewed]) await made(world, "/v1/refunds", `payment_intent=${id}`);
  const { json: disputes } = await world.call("GET", "/v1/disputes", `payment_intent=${disputed.id}`);
  const [dispute] = disputes.data as Json[];
  await made(world, `/v1/disputes/${dispute?.id}`, "evidence[uncategorized_text]=winning_evidence&submit=true");
  await made(world, "/v1/charges", "amount=50000&currency=eur&source=tok_bypassPending");
  const payOut = (more = "") => made(world, "/v1/payouts", `amount=100&currency=eur${more}`);
  await made(world, `/v1/payouts/${(await payOut()).id}/cancel`);
  await payOut("&destination=ba_account_closed");
  await made(world, "/v1/charges", "amount=900&currency=eur&source=tok_visa");
  await world.call("POST", "/v1/balance_settings", "payments[payouts][schedule][interval]=daily");
}

/** What is sold, at which price and by which plan, and how it is taxed. */
async function catalog(world: SandboxWorld): Promise<void> {
  const product = await made(world, "/v1/products", "name=Tea");
  await made(world, `/v1/products/${product.id}`, "name=Green tea");
  await made(world, "/v1/prices", `product=${product.id}&currency=eur&unit_amount=500`);
  const monthly = `product=${product.id}&currency=eur&interval=month`;
  const plan = await made(world, "/v1/plans", `${monthly}&amount=900`);
  await made(world, `/v1/plans/${plan.id}`, "nickname=Monthly");
  await world.call("DELETE", `/v1/plans/${plan.id}`); // Its price too.
  await world.call("DELETE", `/v1/products/${(await made(world, "/v1/products", "name=Coffee")).id}`);
  const rate = await made(world, "/v1/tax_rates", "display_name=VAT&percentage=19&inclusive=true");
  await made(world, `/v1/tax_rates/${rate.id}`, "active=false");
  for (const id of ["inrtem_mine", "inrtem_old"]) {
    world.sandbox.seed({ key: secretKey, path: "/v1/invoice_rendering_templates", id });
  }
  await made(world, "/v1/invoice_rendering_templates/inrtem_old/archive");
  const shipped = (currency: string) =>
    `display_name=Ground&fixed_amount[amount]=500&fixed_amount[currency]=${currency}`;
  await made(world, "/v1/shipping_rates", shipped("usd"));
  const shipping = await made(world, "/v1/shipping_rates", shipped("eur"));
  await made(world, `/v1/shipping_rates/${shipping.id}`, "active=false");
}

/** Customers have discounts of their own before basil only. */
async function discounts(world: SandboxWorld): Promise<void> {
  const coupon = await made(world, "/v1/coupons", "percent_off=10&duration=forever");
  await made(world, `/v1/coupons/${coupon.id}`, "name=A tenth");
  const code = await made(world, "/v1/promotion_codes", `promotion[type]=coupon&promotion[coupon]=${coupon.id}`);
  await made(world, `/v1/promotion_codes/${code.id}`, "metadata[from]=a letter");
  const { id } = await made(world, "/v1/customers", `coupon=${coupon.id}`, beforeBasil);
  await made(world, `/v1/customers/${id}`, `promotion_code=${code.id}`, beforeBasil); // Takes the place of the first.
  await world.call("DELETE", `/v1/customers/${id}/discount`);
  await made(world, "/v1/customers", `coupon=${coupon.id}`, beforeBasil); // Outlives its coupon.
  await world.call("DELETE", `/v1/coupons/${coupon.id}`);
}

async function billed(world: SandboxWorld, card: string): Promise<string> {
  const { id } = await made(world, "/v1/customers", "name=Ada&email=ada@shop.test");
  const method = await made(world, `/v1/payment_methods/pm_card_${card}/attach`, `customer=${id}`);
  await made(world, `/v1/customers/${id}`, `invoice_settings[default_payment_method]=${method.id}`);
  return String(id);
}

async function drafted(world: SandboxWorld, customer: string, more = "currency=eur"): Promise<string> {
  const { id, currency } = await made(world, "/v1/invoices", `customer=${customer}&${more}`);
  await made(world, "/v1/invoiceitems", `customer=${customer}&invoice=${id}&amount=3500&currency=${currency}`);
  return `/v1/invoices/${id}`;
}

async function invoices(world: SandboxWorld): Promise<void> {
  const customer = await billed(world, "visa");
  await made(world, `/v1/customers/${customer}/balance_transactions`, "amount=-500&currency=eur");
  for (const end of ["pay", "send", "void", "mark_uncollectible"]) {
    const invoice = await drafted(world, customer);
    await made(world, `${invoice}/finalize`);
    await made(world, `${invoice}/${end}`);
  }
  for (const card of ["chargeCustomerFail", "threeDSecure2Required"]) {
    await world.call("POST", `${await drafted(world, await billed(world, card))}/pay`);
  }
  await world.call("DELETE", await drafted(world, customer)); // Its item too.
  const owed = await drafted(world, customer, "currency=eur&collection_method=send_invoice&days_until_due=3");
  await made(world, `${owed}/finalize`); // Nobody pays it.
  const unpayable = "currency=usd&payment_settings[payment_method_types][]=sepa_debit";
  await drafted(world, await billed(world, "visa"), `${unpayable}&auto_advance=true`); // Cannot be finalized.
}

/** Somebody pays a part of an invoice, and then more than what remains. */
async function parts(world: SandboxWorld): Promise<void> {
  const customer = await billed(world, "visa");
  const address = await drafted(world, customer);
  await made(world, `${address}/finalize`);
  for (const amount of [1000, 4000]) {
    const form = `amount=${amount}&currency=eur&customer=${customer}&payment_method=pm_card_visa&confirm=true&${never}`;
    const { id } = await made(world, "/v1/payment_intents", form);
    await made(world, `${address}/attach_payment`, `payment_intent=${id}`);
  }
}

/** What was asked for and paid is given back. */
async function creditNotes(world: SandboxWorld): Promise<void> {
  const customer = await billed(world, "visa");
  const address = await drafted(world, customer);
  const invoice = address.slice("/v1/invoices/".length);
  await made(world, `${address}/finalize`);
  const { id } = await made(world, "/v1/credit_notes", `invoice=${invoice}&amount=300`);
  await made(world, `/v1/credit_notes/${id}`, "memo=Sorry");
  await made(world, `/v1/credit_notes/${id}/void`);
  await made(world, `${address}/pay`);
  const back = "refund_amount=500&credit_amount=200";
  await made(world, "/v1/credit_notes", `invoice=${invoice}&amount=700&${back}`);
}

/** Nobody pays for the first change in time, and somebody for the second. */
async function pendingUpdates(world: SandboxWorld): Promise<void> {
  const customer = await billed(world, "visa");
  const form = "currency=eur&unit_amount=90000&recurring[interval]=year&product_data[name]=Platinum";
  const { id: price } = await made(world, "/v1/prices", form);
  const { id } = await made(world, "/v1/subscriptions", `customer=${customer}&items[0][price]=${price}`);
  const wish = "payment_behavior=pending_if_incomplete&proration_behavior=always_invoice";
  const ask = async (quantity: number) => {
    const { json } = await world.call("GET", "/v1/subscription_items", `subscription=${id}`);
    const [item] = json.data as Json[];
    return made(world, `/v1/subscriptions/${id}`, `items[0][id]=${item?.id}&items[0][quantity]=${quantity}&${wish}`);
  };
  const method = await made(world, "/v1/payment_methods/pm_card_chargeCustomerFail/attach", `customer=${customer}`);
  await made(world, `/v1/customers/${customer}`, `invoice_settings[default_payment_method]=${method.id}`);
  await ask(2);
  await world.clock.advance(dayMs);
  const { latest_invoice: invoice } = await ask(3);
  await made(world, `/v1/invoices/${invoice}/pay`, "payment_method=pm_card_visa");
}

/** What begins, runs, pauses, goes on and ends. */
async function subscriptions(world: SandboxWorld): Promise<void> {
  const customer = await billed(world, "visa");
  const form = "currency=eur&unit_amount=900&recurring[interval]=month&product_data[name]=Gold";
  const { id: price } = await made(world, "/v1/prices", form);
  const { id: paid } = await made(world, "/v1/subscriptions", `customer=${customer}&items[0][price]=${price}`);
  await made(world, `/v1/subscriptions/${paid}`, "metadata[seat]=3");
  await world.call("DELETE", `/v1/subscriptions/${paid}`);
  const fortnight = "recurring[interval]=week&recurring[interval_count]=2&product_data[name]=Silver";
  const { id: soon } = await made(world, "/v1/prices", `currency=eur&unit_amount=900&${fortnight}`);
  await made(world, "/v1/subscriptions", `customer=${customer}&items[0][price]=${soon}`); // It is renewed in time.
  const { id: stranger } = await made(world, "/v1/customers", "name=Eve");
  const trial = "trial_period_days=4&trial_settings[end_behavior][missing_payment_method]=pause";
  const { id } = await made(world, "/v1/subscriptions", `customer=${stranger}&items[0][price]=${price}&${trial}`);
  await world.clock.advance(4 * dayMs + minuteMs); // It will end, and has ended: paused.
  await made(world, `/v1/customers/${stranger}`, "source=tok_visa");
  const resumed = await made(world, `/v1/subscriptions/${id}/resume`);
  await made(world, `/v1/invoices/${resumed.latest_invoice}/pay`);
}

/** What is planned begins, goes on, is changed, let go of, given up, and ends. */
async function schedules(world: SandboxWorld): Promise<void> {
  const customer = await billed(world, "visa");
  const form = "currency=eur&recurring[interval]=day&product_data[name]=Paper";
  const { id: price } = await made(world, "/v1/prices", `${form}&unit_amount=100`);
  const { id: other } = await made(world, "/v1/prices", `${form}&unit_amount=70`);
  const path = "/v1/subscription_schedules";
  const later = Math.floor(world.clock.now() / 1000) + 3 * (dayMs / 1000);
  const plan = (of: string, rest = "start_date=now") =>
    made(world, path, `customer=${of}&phases[0][items][0][price]=${price}&${rest}`);
  const two = `phases[1][items][0][price]=${other}&phases[1][duration][interval]=day`;
  await plan(customer, `start_date=now&${two}`); // It goes on, and is released by itself.
  await plan(
    customer,
    "start_date=now&end_behavior=cancel&phases[0][duration][interval]=week&phases[0][duration][interval_count]=2",
  ); // It is completed.
  await plan(customer, "start_date=now&phases[0][duration][interval]=year"); // It stays.
  const { id: released } = await plan(customer, `start_date=${later}`);
  await made(world, `${path}/${released}`, "metadata[a]=b");
  await made(world, `${path}/${released}/release`);
  const { id: canceled } = await plan(customer);
  await made(world, `${path}/${canceled}/cancel`);
  await plan(customer, `start_date=${later + 30 * (dayMs / 1000)}`); // It has not begun.
  const gone = await billed(world, "visa");
  const { id: lost } = await made(world, "/v1/prices", `${form}&unit_amount=50`);
  await made(world, path, `customer=${gone}&start_date=${later}&phases[0][items][0][price]=${lost}`);
  await made(world, "/v1/invoiceitems", `customer=${gone}&amount=100&currency=usd`); // It cannot begin any more.
}

async function clocks(world: SandboxWorld): Promise<void> {
  const second = world.clock.now() / 1000;
  const { id } = await made(world, "/v1/test_helpers/test_clocks", `frozen_time=${second}`);
  const { id: customer } = await made(world, "/v1/customers", `test_clock=${id}`);
  await drafted(world, String(customer), "currency=eur&auto_advance=true");
  await made(world, `/v1/test_helpers/test_clocks/${id}/advance`, `frozen_time=${second + dayMs / 1000}`);
  await world.clock.advance(minuteMs);
  const brief = await made(world, "/v1/test_helpers/test_clocks", `frozen_time=${second}`);
  await made(world, "/v1/customers", `test_clock=${brief.id}`);
  await world.call("DELETE", `/v1/test_helpers/test_clocks/${brief.id}`);
  world.sandbox.faults.add({ kind: "clock_failure" });
  await made(world, `/v1/test_helpers/test_clocks/${id}/advance`, `frozen_time=${second + (2 * dayMs) / 1000}`);
  await world.clock.advance(minuteMs);
}

/** What stays as it is: of nouns whose objects else end, and of those that nothing happens to. */
async function stays(world: SandboxWorld): Promise<void> {
  await made(world, "/v1/webhook_endpoints", "url=http://localhost:1/hook&enabled_events[]=invoice.paid");
  await made(world, "/v1/payment_method_configurations", "name=Mine");
  await made(world, "/v1/tokens", "card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2034&card[cvc]=123");
  await made(world, "/v1/test_helpers/confirmation_tokens", "payment_method=pm_card_visa");
  const customer = await billed(world, "visa");
  await made(world, `/v1/customers/${customer}/sources`, "source=btok_us_verified");
  await made(world, "/v1/ephemeral_keys", `customer=${customer}`, "2024-06-20");
  await made(world, `/v1/customers/${customer}/tax_ids`, "type=eu_vat&value=DE123456789");
  const { id: ein } = await made(world, `/v1/customers/${customer}/tax_ids`, "type=us_ein&value=12-3456789");
  await world.call("DELETE", `/v1/tax_ids/${ein}`);
  const { id: product } = await made(world, "/v1/products", "name=Silver&tax_code=txcd_10103001");
  const { id: price } = await made(world, "/v1/plans", `product=${product}&currency=eur&interval=month&amount=700`);
  const { id: coupon } = await made(world, "/v1/coupons", "percent_off=20&duration=forever");
  await made(world, "/v1/promotion_codes", `promotion[type]=coupon&promotion[coupon]=${coupon}`);
  const discounted = `discounts[0][coupon]=${coupon}`;
  await made(world, "/v1/subscriptions", `customer=${customer}&items[0][price]=${price}&${discounted}`);
}

/** One comes and goes with a subscription. */
async function entitlements(world: SandboxWorld): Promise<void> {
  const customer = await billed(world, "visa");
  const { id: product } = await made(world, "/v1/products", "name=Copper");
  const { id: price } = await made(world, "/v1/plans", `product=${product}&currency=eur&interval=month&amount=700`);
  for (const key of ["reports", "exports"]) {
    const { id: feature } = await made(world, "/v1/entitlements/features", `lookup_key=${key}&name=${key}`);
    await made(world, `/v1/products/${product}/features`, `entitlement_feature=${feature}`);
  }
  for (const form of ["", "&trial_period_days=5"])
    await made(world, "/v1/subscriptions", `customer=${customer}&items[0][price]=${price}${form}`);
}

/** A week for less and then a month; and an offer that is made no more. */
async function trialOffers(world: SandboxWorld): Promise<void> {
  const customer = await billed(world, "visa");
  const priced = (every: string, amount: number) =>
    made(world, "/v1/prices", `product_data[name]=Tin&currency=eur&unit_amount=${amount}&recurring[interval]=${every}`);
  const [week, fortnight, month] = [await priced("week", 100), await priced("week", 300), await priced("month", 900)];
  const offer = ({ id }: Readonly<Record<string, unknown>>, active: boolean) => {
    const lasting = `duration[type]=relative&duration[relative][iterations]=1&active=${active}`;
    const form = `price=${id}&end_behavior[transition][price]=${month.id}&${lasting}`;
    return made(world, "/v1/product_catalog/trial_offers", form);
  };
  await offer(fortnight, false);
  const { id: trial } = await offer(week, true);
  await made(world, "/v1/subscriptions", `customer=${customer}&items[0][current_trial][trial_offer]=${trial}`);
}

const deeds = [
  customers,
  intents,
  money,
  catalog,
  discounts,
  invoices,
  parts,
  creditNotes,
  pendingUpdates,
  subscriptions,
  schedules,
  clocks,
  entitlements,
  trialOffers,
  stays,
];

/** And what comes of it within three weeks. */
export async function doEverything(world: SandboxWorld): Promise<void> {
  for (const deed of deeds) await deed(world);
  await world.clock.advance(20 * dayMs);
}
