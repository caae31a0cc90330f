// What subscriptions are billed, as Stripe was recorded.
import type { Maker, Making, RealBody } from "./shape.ts";
import { discounted, expanded, invoiceOf, named, subscribed, then } from "./subscribe.ts";

const day = 86_400_000;
const trial = `&trial_period_days=15${expanded}`;
const withCoupon = "expand[]=total_discount_amounts.discount.source.coupon";

/** As it stands in the subscription's own answer. */
function shownIn(making: Making): Making {
  return async (maker) => (await making(maker)).latest_invoice as Awaited<ReturnType<Making>>;
}

/** The newest invoice two hours after the first period. */
function renewed(making: Making): Making {
  return async (maker) => {
    const { id } = await making(maker);
    await maker.clock.advance(31 * day + day / 12);
    return invoiceOf(({ call }) => call("GET", `/v1/subscriptions/${id}`))(maker);
  };
}

/** Of a customer in Canada, by a card that its bank may ask about. */
const asking = "&payment_settings[payment_method_options][card][request_three_d_secure]=automatic";
const canadian: Making = subscribed(asking, { ...named, customer: `${named.customer}&address[country]=CA` });

async function priceOf({ call }: Maker, amount: number, interval = "month"): Promise<string> {
  const priced = `currency=usd&unit_amount=${amount}&recurring[interval]=${interval}&product_data[name]=Other`;
  return String((await call("POST", "/v1/prices", priced)).id);
}

interface Repricing {
  readonly amount: number;
  readonly interval?: string;
  readonly more?: string;
}

/** Its one item at another price. */
function repriced(making: Making, { amount, interval, more = "" }: Repricing): Making {
  return async (maker) => {
    const { id, items } = await making(maker);
    const [item] = (items as { data: { id: string }[] }).data;
    const price = await priceOf(maker, amount, interval);
    return maker.call("POST", `/v1/subscriptions/${id}`, `items[0][id]=${item?.id}&items[0][price]=${price}${more}`);
  };
}

const yearly: Repricing = { amount: 25_000, interval: "year", more: "&proration_behavior=always_invoice" };

/** Five changes of the price on the first day, two lines for each. */
const wavering: Making = [500, 2000, 300, 1500, 100].reduce((making, amount) => repriced(making, { amount }), canadian);

export const billedBodies: readonly RealBody[] = [
  {
    name: "discount.subscription.2025-10-29.clover",
    shape: {
      string: `
        id object customer source.coupon.id source.coupon.object source.coupon.duration source.coupon.name
        source.type subscription`,
      null: `
        checkout_session end invoice invoice_item promotion_code source.coupon.amount_off
        source.coupon.currency source.coupon.duration_in_months source.coupon.max_redemptions
        source.coupon.redeem_by subscription_item`,
      number: "source.coupon.created source.coupon.percent_off source.coupon.times_redeemed start",
      boolean: "source.coupon.livemode source.coupon.valid",
      map: "source.coupon.metadata",
    },
    make: async (maker) => {
      const { total_discount_amounts: amounts } = await invoiceOf(discounted(), withCoupon)(maker);
      return (amounts as { discount: unknown }[])[0]?.discount;
    },
  },
  {
    name: "invoice.draft_subscription_cycle_left.masked-2026-05",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_address.country customer_email customer_name customer_tax_exempt issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url parent.subscription_details.subscription parent.type
        payment_settings.payment_method_options.card.request_three_d_secure status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address.city customer_address.line1 customer_address.line2
        customer_address.postal_code customer_address.state customer_phone customer_shipping
        default_payment_method default_source description due_date effective_at ending_balance footer
        from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details lines.data[].parent.license_fee_subscription_details
        lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items next_payment_attempt
        number on_behalf_of parent.quote_details payment_settings.default_mandate
        payment_settings.payment_method_options.acss_debit
        payment_settings.payment_method_options.bancontact
        payment_settings.payment_method_options.customer_balance
        payment_settings.payment_method_options.konbini payment_settings.payment_method_options.payto
        payment_settings.payment_method_options.pix payment_settings.payment_method_options.sepa_debit
        payment_settings.payment_method_options.upi payment_settings.payment_method_options.us_bank_account
        payment_settings.payment_method_types receipt_number rendering shipping_cost shipping_details
        statement_descriptor status_transitions.finalized_at status_transitions.marked_uncollectible_at
        status_transitions.paid_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        lines.data[].amount lines.data[].period.end lines.data[].period.start lines.data[].quantity
        lines.data[].subtotal lines.total_count period_end period_start post_payment_credit_notes_amount
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
    make: renewed(then(canadian, "POST", "", "pause_collection[behavior]=keep_as_draft")),
  },
  {
    name: "invoice.open_first_incomplete.2026-03-25.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method
        confirmation_secret.client_secret confirmation_secret.type currency customer customer_email
        customer_name customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number parent.subscription_details.subscription parent.type payments.object
        payments.data[].id payments.data[].object payments.data[].currency payments.data[].invoice
        payments.data[].payment.payment_intent payments.data[].payment.type payments.data[].status
        payments.url status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_phone customer_shipping default_payment_method
        default_source description due_date footer from_invoice last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items next_payment_attempt
        on_behalf_of parent.quote_details payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types
        payments.data[].amount_paid payments.data[].status_transitions.canceled_at
        payments.data[].status_transitions.paid_at receipt_number rendering shipping_cost shipping_details
        statement_descriptor status_transitions.marked_uncollectible_at status_transitions.paid_at
        status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count payments.data[].amount_requested
        payments.data[].created period_end period_start post_payment_credit_notes_amount
        pre_payment_credit_notes_amount starting_balance status_transitions.finalized_at subtotal
        subtotal_excluding_tax total total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.subscription_item_details.proration lines.has_more livemode
        payments.data[].is_default payments.data[].livemode payments.has_more`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata parent.subscription_details.metadata",
    },
    make: shownIn(subscribed(expanded, { ...named, card: "pm_card_threeDSecure2Required" })),
  },
  {
    name: "invoice.paid_subscription_create.2026-03-25.dahlia",
    shape: {
      string: `
        id object account_country account_name application billing_reason collection_method currency
        customer customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number parent.subscription_details.subscription parent.type status`,
      null: `
        account_tax_ids automatic_tax.disabled_reason automatic_tax.liability automatic_tax.provider
        automatic_tax.status automatically_finalizes_at custom_fields customer_account customer_address
        customer_name customer_phone customer_shipping default_payment_method default_source description
        due_date footer from_invoice last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details lines.data[].parent.subscription_item_details.invoice_item
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
    make: invoiceOf(subscribed()),
  },
  {
    name: "invoice.paid_subscription_cycle.masked-2025-12",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object lines.data[].id
        lines.data[].object lines.data[].currency lines.data[].description lines.data[].invoice
        lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.url number
        parent.subscription_details.subscription parent.type status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_email customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision lines.data[].parent.invoice_item_details
        lines.data[].parent.subscription_item_details.invoice_item
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
    make: renewed(subscribed("", { email: "" })),
  },
  {
    name: "invoice.paid_subscription_cycle_negative.masked-2026-05",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_account customer_address.country customer_email customer_name customer_tax_exempt
        hosted_invoice_url invoice_pdf issuer.type lines.object lines.data[].id lines.data[].object
        lines.data[].currency lines.data[].description lines.data[].invoice
        lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice_line_items[]
        lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].quantity_decimal lines.url number
        parent.subscription_details.subscription parent.type
        payment_settings.payment_method_options.card.request_three_d_secure status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_address.city customer_address.line1 customer_address.line2 customer_address.postal_code
        customer_address.state customer_phone customer_shipping default_payment_method default_source
        description due_date footer from_invoice last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details lines.data[].parent.license_fee_subscription_details
        lines.data[].pricing.unit_amount_decimal
        lines.data[].parent.subscription_item_details.proration_details.credited_items next_payment_attempt
        on_behalf_of parent.quote_details payment_settings.default_mandate
        payment_settings.payment_method_options.acss_debit
        payment_settings.payment_method_options.bancontact
        payment_settings.payment_method_options.customer_balance
        payment_settings.payment_method_options.konbini payment_settings.payment_method_options.payto
        payment_settings.payment_method_options.pix payment_settings.payment_method_options.sepa_debit
        payment_settings.payment_method_options.upi payment_settings.payment_method_options.us_bank_account
        payment_settings.payment_method_types receipt_number rendering shipping_cost shipping_details
        statement_descriptor status_transitions.marked_uncollectible_at status_transitions.voided_at
        test_clock`,
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
    make: renewed(wavering),
  },
  {
    name: "invoice.paid_subscription_update.2025-10-29.clover",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_name customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type
        lines.object lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice
        lines.data[].parent.subscription_item_details.proration_details.credited_items.invoice_line_items[]
        lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.url number parent.subscription_details.subscription parent.type
        status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_address customer_phone customer_shipping default_payment_method default_source description
        due_date footer from_invoice last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details lines.data[].pricing.unit_amount_decimal
        lines.data[].parent.subscription_item_details.proration_details.credited_items next_payment_attempt
        on_behalf_of parent.quote_details payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering shipping_cost shipping_details statement_descriptor
        status_transitions.marked_uncollectible_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.total_count period_end period_start post_payment_credit_notes_amount
        pre_payment_credit_notes_amount starting_balance status_transitions.finalized_at
        status_transitions.paid_at subtotal subtotal_excluding_tax total total_excluding_tax
        webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.subscription_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata parent.subscription_details.metadata",
    },
    make: invoiceOf(repriced(subscribed("", named), yearly)),
  },
  {
    name: "invoice.paid_with_discount.2025-10-29.clover",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_name customer_tax_exempt discounts[] hosted_invoice_url invoice_pdf
        issuer.type lines.object lines.data[].id lines.data[].object lines.data[].currency
        lines.data[].description lines.data[].discount_amounts[].discount lines.data[].invoice
        lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pretax_credit_amounts[].discount lines.data[].pretax_credit_amounts[].type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.url number
        parent.subscription_details.subscription parent.type status total_discount_amounts[].discount.id
        total_discount_amounts[].discount.object total_discount_amounts[].discount.customer
        total_discount_amounts[].discount.source.coupon.id
        total_discount_amounts[].discount.source.coupon.object
        total_discount_amounts[].discount.source.coupon.duration
        total_discount_amounts[].discount.source.coupon.name total_discount_amounts[].discount.source.type
        total_discount_amounts[].discount.subscription total_pretax_credit_amounts[].discount
        total_pretax_credit_amounts[].type`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_address customer_phone customer_shipping default_payment_method default_source description
        due_date footer from_invoice last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items next_payment_attempt
        on_behalf_of parent.quote_details payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering shipping_cost shipping_details statement_descriptor
        status_transitions.marked_uncollectible_at status_transitions.voided_at test_clock
        total_discount_amounts[].discount.checkout_session total_discount_amounts[].discount.end
        total_discount_amounts[].discount.invoice total_discount_amounts[].discount.invoice_item
        total_discount_amounts[].discount.promotion_code
        total_discount_amounts[].discount.source.coupon.amount_off
        total_discount_amounts[].discount.source.coupon.currency
        total_discount_amounts[].discount.source.coupon.duration_in_months
        total_discount_amounts[].discount.source.coupon.max_redemptions
        total_discount_amounts[].discount.source.coupon.redeem_by
        total_discount_amounts[].discount.subscription_item`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].discount_amounts[].amount
        lines.data[].period.end lines.data[].period.start lines.data[].pretax_credit_amounts[].amount
        lines.data[].quantity lines.total_count period_end period_start post_payment_credit_notes_amount
        pre_payment_credit_notes_amount starting_balance status_transitions.finalized_at
        status_transitions.paid_at subtotal subtotal_excluding_tax total total_discount_amounts[].amount
        total_discount_amounts[].discount.source.coupon.created
        total_discount_amounts[].discount.source.coupon.percent_off
        total_discount_amounts[].discount.source.coupon.times_redeemed
        total_discount_amounts[].discount.start total_excluding_tax total_pretax_credit_amounts[].amount
        webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.subscription_item_details.proration lines.has_more livemode
        total_discount_amounts[].discount.source.coupon.livemode
        total_discount_amounts[].discount.source.coupon.valid`,
      list: "customer_tax_ids default_tax_rates lines.data[].discounts lines.data[].taxes total_taxes",
      map: `
        lines.data[].metadata metadata parent.subscription_details.metadata
        total_discount_amounts[].discount.source.coupon.metadata`,
    },
    make: invoiceOf(discounted(), withCoupon),
  },
  {
    name: "invoice.paid_zero_trial.2026-03-25.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_name customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type
        lines.object lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number parent.subscription_details.subscription parent.type payments.object payments.url
        status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at confirmation_secret
        custom_fields customer_account customer_address customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision lines.data[].parent.invoice_item_details
        lines.data[].parent.subscription_item_details.invoice_item
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
        lines.data[].parent.subscription_item_details.proration lines.has_more livemode payments.has_more`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes payments.data total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata parent.subscription_details.metadata",
    },
    make: shownIn(subscribed(trial, named)),
  },
  {
    name: "invoice.subscription_create_paid_with_starting_balance.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number parent.subscription_details.subscription parent.type status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision lines.data[].parent.invoice_item_details
        lines.data[].parent.subscription_item_details.invoice_item
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
    make: invoiceOf(subscribed("", { customer: "&balance=4" })),
  },
  {
    name: "invoice.void_first.masked-2025-12",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_name customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type
        lines.object lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.subscription_item_details.subscription
        lines.data[].parent.subscription_item_details.subscription_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.url number
        parent.subscription_details.subscription parent.type status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_phone customer_shipping default_payment_method
        default_source description due_date footer from_invoice last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details lines.data[].parent.subscription_item_details.invoice_item
        lines.data[].parent.subscription_item_details.proration_details.credited_items next_payment_attempt
        on_behalf_of parent.quote_details payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering shipping_cost shipping_details statement_descriptor
        status_transitions.marked_uncollectible_at status_transitions.paid_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.voided_at subtotal subtotal_excluding_tax total
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
    make: async (maker) => {
      const { id } = await invoiceOf(subscribed("&payment_behavior=default_incomplete", named))(maker);
      return maker.call("POST", `/v1/invoices/${id}/void`);
    },
  },
];
