// Changes of subscriptions, and what they are billed, as Stripe was recorded.
import type { Answer } from "../../src/sandbox/testing.ts";
import type { Maker, Making, RealBody } from "./shape.ts";

interface Subscribed {
  readonly subscription: string;
  readonly customer: string;
  readonly item: string;
}

async function priceOf({ call }: Maker, amount: number): Promise<string> {
  const priced = `currency=usd&unit_amount=${amount}&recurring[interval]=month&product_data[name]=Monthly`;
  return String((await call("POST", "/v1/prices", priced)).id);
}

/** Ten days ago somebody with a card has subscribed. */
async function subscribed(maker: Maker): Promise<Subscribed> {
  const { call, clock } = maker;
  const { id: customer } = await call("POST", "/v1/customers", "email=a@example.com");
  const { id: method } = await call("POST", "/v1/payment_methods/pm_card_visa/attach", `customer=${customer}`);
  await call("POST", `/v1/customers/${customer}`, `invoice_settings[default_payment_method]=${method}`);
  const price = await priceOf(maker, 1000);
  const made = await call("POST", "/v1/subscriptions", `customer=${customer}&items[0][price]=${price}`);
  const [item] = (made.items as { data: { id: string }[] }).data;
  await clock.advance(10 * 86_400_000);
  return { subscription: String(made.id), customer: String(customer), item: String(item?.id) };
}

function changed({ call }: Maker, { subscription }: Subscribed, form: string): Promise<Answer["json"]> {
  return call("POST", `/v1/subscriptions/${subscription}`, form);
}

/** Of what waits after a change the item at that place, newest first. */
function waiting(by: "anchor" | "cancel" | "items", at: number): Making {
  return async (maker) => {
    const world = await subscribed(maker);
    if (by === "cancel") await maker.call("DELETE", `/v1/subscriptions/${world.subscription}`, "prorate=true");
    if (by === "anchor") await changed(maker, world, "billing_cycle_anchor=now");
    const price = await priceOf(maker, 1800);
    if (by === "items") await changed(maker, world, `items[0][id]=${world.item}&items[0][price]=${price}`);
    const { data } = await maker.call("GET", "/v1/invoiceitems", `pending=true&customer=${world.customer}`);
    return (data as Answer["json"][])[at] ?? {};
  };
}

/** The invoice of a change to another price that is invoiced at once. */
function billed(amount: number): Making {
  return async (maker) => {
    const world = await subscribed(maker);
    const item = `items[0][id]=${world.item}&items[0][price]=${await priceOf(maker, amount)}`;
    const { latest_invoice } = await changed(maker, world, `${item}&proration_behavior=always_invoice`);
    return maker.call("GET", `/v1/invoices/${latest_invoice}`);
  };
}

const lastInvoice: Making = async (maker) => {
  const { subscription } = await subscribed(maker);
  const { latest_invoice } = await maker.call(
    "DELETE",
    `/v1/subscriptions/${subscription}`,
    "prorate=true&invoice_now=true",
  );
  return maker.call("GET", `/v1/invoices/${latest_invoice}`);
};

const addedItem: Making = async (maker) => {
  const { subscription } = await subscribed(maker);
  return maker.call(
    "POST",
    "/v1/subscription_items",
    `subscription=${subscription}&price=${await priceOf(maker, 5000)}`,
  );
};

export const changeBodies: readonly RealBody[] = [
  {
    name: "invoiceitem.proration_credit.2026-08-26.dahlia",
    shape: {
      string: `
        id object currency customer description frozen_fields[] parent.subscription_details.subscription
        parent.subscription_details.subscription_item parent.type pricing.price_details.price
        pricing.price_details.product pricing.type
        proration_details.credited_items.invoice_line_item_details.invoice
        proration_details.credited_items.invoice_line_item_details.invoice_line_items[]
        proration_details.credited_items.type quantity_decimal`,
      number: "amount date net_amount period.end period.start quantity",
      null: "customer_account invoice pricing.unit_amount_decimal test_clock",
      boolean: "discountable livemode proration",
      list: "discounts invoicing_rules proration_details.discount_amounts tax_rates",
      map: "metadata",
    },
    make: waiting("items", 0),
  },
  {
    name: "invoiceitem.proration_debit.2026-08-26.dahlia",
    shape: {
      string: `
        id object currency customer description frozen_fields[] parent.subscription_details.subscription
        parent.subscription_details.subscription_item parent.type pricing.price_details.price
        pricing.price_details.product pricing.type quantity_decimal`,
      number: "amount date net_amount period.end period.start quantity",
      null: "customer_account invoice pricing.unit_amount_decimal proration_details.credited_items test_clock",
      boolean: "discountable livemode proration",
      list: "discounts invoicing_rules proration_details.discount_amounts tax_rates",
      map: "metadata",
    },
    make: waiting("items", 1),
  },
  {
    name: "invoiceitem.anchor_extension_zero.2026-08-26.dahlia",
    shape: {
      string: `
        id object currency customer description frozen_fields[] parent.subscription_details.subscription
        parent.subscription_details.subscription_item parent.type pricing.price_details.price
        pricing.price_details.product pricing.type quantity_decimal`,
      number: "amount date net_amount period.end period.start quantity",
      null: "customer_account invoice pricing.unit_amount_decimal proration_details.credited_items test_clock",
      boolean: "discountable livemode proration",
      list: "discounts invoicing_rules proration_details.discount_amounts tax_rates",
      map: "metadata",
    },
    make: waiting("anchor", 0),
  },
  {
    name: "invoiceitem.cancel_credit.2026-08-26.dahlia",
    shape: {
      string: `
        id object currency customer description frozen_fields[] pricing.price_details.price
        pricing.price_details.product pricing.type quantity_decimal`,
      number: "amount date net_amount period.end period.start quantity",
      null: "customer_account invoice parent pricing.unit_amount_decimal test_clock",
      boolean: "discountable livemode proration",
      list: "discounts invoicing_rules tax_rates",
      map: "metadata",
    },
    make: waiting("cancel", 0),
  },
  {
    name: "invoice.subscription_update_negative.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice_line_items[]
        lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].quantity_decimal lines.url number
        parent.subscription_details.subscription parent.type status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision lines.data[].parent.invoice_item_details
        lines.data[].pricing.unit_amount_decimal
        lines.data[].parent.subscription_item_details.proration_details.credited_items next_payment_attempt
        on_behalf_of parent.quote_details payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering shipping_cost shipping_details statement_descriptor
        status_transitions.marked_uncollectible_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.paid_at subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.subscription_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata parent.subscription_details.metadata",
    },
    make: billed(500),
  },
  {
    name: "invoice.subscription_update_charged.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice_line_items[]
        lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].quantity_decimal lines.url number
        parent.subscription_details.subscription parent.type status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision lines.data[].parent.invoice_item_details
        lines.data[].pricing.unit_amount_decimal
        lines.data[].parent.subscription_item_details.proration_details.credited_items next_payment_attempt
        on_behalf_of parent.quote_details payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering shipping_cost shipping_details statement_descriptor
        status_transitions.marked_uncollectible_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.paid_at subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.subscription_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata parent.subscription_details.metadata",
    },
    make: billed(5000),
  },
  {
    name: "invoice.subscription_update_rolled_1.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice_line_items[]
        lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].quantity_decimal lines.url number
        parent.subscription_details.subscription parent.type status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision lines.data[].parent.invoice_item_details
        lines.data[].pricing.unit_amount_decimal
        lines.data[].parent.subscription_item_details.proration_details.credited_items next_payment_attempt
        on_behalf_of parent.quote_details payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering shipping_cost shipping_details statement_descriptor
        status_transitions.marked_uncollectible_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.paid_at subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.subscription_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata parent.subscription_details.metadata",
    },
    make: billed(1002),
  },
  {
    name: "invoice.subscription_update_rolled_4_quantity.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice_line_items[]
        lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].quantity_decimal lines.url number
        parent.subscription_details.subscription parent.type status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision lines.data[].parent.invoice_item_details
        lines.data[].pricing.unit_amount_decimal
        lines.data[].parent.subscription_item_details.proration_details.credited_items next_payment_attempt
        on_behalf_of parent.quote_details payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering shipping_cost shipping_details statement_descriptor
        status_transitions.marked_uncollectible_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.paid_at subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.subscription_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata parent.subscription_details.metadata",
    },
    make: billed(1008),
  },
  {
    name: "invoice.cancel_final_draft_negative.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt issuer.type lines.object lines.data[].id lines.data[].object
        lines.data[].currency lines.data[].description lines.data[].invoice
        lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice_line_items[]
        lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].quantity_decimal lines.url
        parent.subscription_details.subscription parent.type status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status custom_fields customer_account customer_address
        customer_name customer_phone customer_shipping default_payment_method default_source description
        due_date effective_at ending_balance footer from_invoice hosted_invoice_url invoice_pdf
        last_finalization_error latest_revision lines.data[].parent.invoice_item_details
        lines.data[].pricing.unit_amount_decimal number on_behalf_of parent.quote_details
        payment_settings.default_mandate payment_settings.payment_method_options
        payment_settings.payment_method_types receipt_number rendering shipping_cost shipping_details
        statement_descriptor status_transitions.finalized_at status_transitions.marked_uncollectible_at
        status_transitions.paid_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count
        automatically_finalizes_at created lines.data[].amount lines.data[].period.end
        lines.data[].period.start lines.data[].quantity lines.data[].subtotal lines.total_count
        next_payment_attempt period_end period_start post_payment_credit_notes_amount
        pre_payment_credit_notes_amount starting_balance subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.subscription_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata parent.subscription_details.metadata",
    },
    make: lastInvoice,
  },
  {
    name: "subscription_item.created.2026-08-26.dahlia",
    shape: {
      string: `
        id object plan.id plan.object plan.amount_decimal plan.billing_scheme plan.currency plan.interval
        plan.product plan.usage_type price.id price.object price.billing_scheme price.currency price.product
        price.recurring.interval price.recurring.usage_type price.tax_behavior price.type
        price.unit_amount_decimal subscription`,
      null: `
        billing_thresholds current_trial plan.meter plan.nickname plan.tiers_mode plan.transform_usage
        plan.trial_period_days price.custom_unit_amount price.lookup_key price.nickname
        price.recurring.meter price.recurring.trial_period_days price.tiers_mode price.transform_quantity`,
      number: `
        created current_period_end current_period_start plan.amount plan.created plan.interval_count
        price.created price.recurring.interval_count price.unit_amount quantity`,
      list: "discounts tax_rates",
      map: "metadata plan.metadata price.metadata",
      boolean: "plan.active plan.livemode price.active price.livemode",
    },
    make: addedItem,
  },
  {
    name: "subscription_item.deleted.2026-08-26.dahlia",
    shape: {
      string: "id object",
      boolean: "deleted",
    },
    make: async (maker) => maker.call("DELETE", `/v1/subscription_items/${(await addedItem(maker)).id}`),
  },
  {
    name: "subscription.anchor_reset.2026-08-26.dahlia",
    shape: {
      string: `
        id object billing_mode.flexible.proration_discounts billing_mode.type collection_method currency
        customer invoice_settings.issuer.type items.object items.data[].id items.data[].object
        items.data[].plan.id items.data[].plan.object items.data[].plan.amount_decimal
        items.data[].plan.billing_scheme items.data[].plan.currency items.data[].plan.interval
        items.data[].plan.product items.data[].plan.usage_type items.data[].price.id
        items.data[].price.object items.data[].price.billing_scheme items.data[].price.currency
        items.data[].price.product items.data[].price.recurring.interval
        items.data[].price.recurring.usage_type items.data[].price.tax_behavior items.data[].price.type
        items.data[].price.unit_amount_decimal items.data[].subscription items.url latest_invoice
        payment_settings.save_default_payment_method plan.id plan.object plan.amount_decimal
        plan.billing_scheme plan.currency plan.interval plan.product plan.usage_type status
        trial_settings.end_behavior.billing_cycle_anchor trial_settings.end_behavior.missing_payment_method`,
      null: `
        application application_fee_percent automatic_tax.disabled_reason automatic_tax.liability
        billing_cycle_anchor_config billing_thresholds cancel_at canceled_at cancellation_details.comment
        cancellation_details.feedback cancellation_details.feedback_option cancellation_details.reason
        customer_account days_until_due default_payment_method default_source description ended_at
        invoice_settings.account_tax_ids invoice_settings.custom_fields invoice_settings.description
        invoice_settings.footer items.data[].billing_thresholds items.data[].current_trial
        items.data[].plan.meter items.data[].plan.nickname items.data[].plan.tiers_mode
        items.data[].plan.transform_usage items.data[].plan.trial_period_days
        items.data[].price.custom_unit_amount items.data[].price.lookup_key items.data[].price.nickname
        items.data[].price.recurring.meter items.data[].price.recurring.trial_period_days
        items.data[].price.tiers_mode items.data[].price.transform_quantity
        next_pending_invoice_item_invoice on_behalf_of pause_collection
        payment_settings.payment_method_options payment_settings.payment_method_types
        pending_invoice_item_interval pending_setup_intent pending_update plan.meter plan.nickname
        plan.tiers_mode plan.transform_usage plan.trial_period_days schedule test_clock transfer_data
        trial_end trial_start`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more livemode
        managed_payments.enabled plan.active plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count plan.amount plan.created plan.interval_count quantity start_date`,
      list: "billing_schedules default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: async (maker) => changed(maker, await subscribed(maker), "billing_cycle_anchor=now"),
  },
];
