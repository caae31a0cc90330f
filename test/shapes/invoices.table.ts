// One-off invoices, as Stripe was recorded.
import type { Making, RealBody } from "./shape.ts";

const oneTime = "amount=1000&currency=usd&description=One-time+fee";

/** A customer with so much to be billed, and the invoice of it. */
function draft(form = "", items: readonly string[] = [oneTime], more = ""): Making {
  return async ({ call }) => {
    const { id } = await call("POST", "/v1/customers", `email=a@example.com${more}`);
    for (const item of items) await call("POST", "/v1/invoiceitems", `customer=${id}&${item}`);
    return call("POST", "/v1/invoices", `customer=${id}&pending_invoice_items_behavior=include${form}`);
  };
}

/** The same after one call more: `/finalize`, `/pay`. */
function then(making: Making, end: string, form = ""): Making {
  return async (maker) => {
    const { id } = await making(maker);
    return maker.call("POST", `/v1/invoices/${id}${end}`, form);
  };
}

/** The card that is charged by default. */
const card = "&payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa";
const sent = "&collection_method=send_invoice&days_until_due=7";

export const invoiceBodies: readonly RealBody[] = [
  {
    name: "invoice.draft_manual_empty.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt issuer.type lines.object lines.url rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date effective_at ending_balance footer
        from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision
        next_payment_attempt number on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.finalized_at
        status_transitions.marked_uncollectible_at status_transitions.paid_at status_transitions.voided_at
        test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        lines.total_count period_end period_start post_payment_credit_notes_amount
        pre_payment_credit_notes_amount starting_balance subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: "attempted auto_advance automatic_tax.enabled lines.has_more livemode",
      list: `
        customer_tax_ids default_tax_rates discounts lines.data total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "metadata",
    },
    make: draft("", []),
  },
  {
    name: "invoice.draft_manual_auto_advance_false.masked-2026-05",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt issuer.type lines.object lines.url rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date effective_at ending_balance footer
        from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision
        next_payment_attempt number on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.finalized_at
        status_transitions.marked_uncollectible_at status_transitions.paid_at status_transitions.voided_at
        test_clock webhooks_delivered_at`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        lines.total_count period_end period_start post_payment_credit_notes_amount
        pre_payment_credit_notes_amount starting_balance subtotal subtotal_excluding_tax total
        total_excluding_tax`,
      boolean: "attempted auto_advance automatic_tax.enabled lines.has_more livemode",
      list: `
        customer_tax_ids default_tax_rates discounts lines.data total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "metadata",
    },
    make: async (maker) => {
      const hook = "url=https://elsewhere.example/hook&enabled_events[]=invoice.created";
      await maker.call("POST", "/v1/webhook_endpoints", hook); // It is told of the draft, and has not answered yet.
      return draft("&auto_advance=false", [])(maker);
    },
  },
  {
    name: "invoice.draft_manual_items.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt issuer.type lines.object lines.data[].id lines.data[].object
        lines.data[].currency lines.data[].description lines.data[].invoice
        lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date effective_at ending_balance footer
        from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        next_payment_attempt number on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.finalized_at
        status_transitions.marked_uncollectible_at status_transitions.paid_at status_transitions.voided_at
        test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        lines.data[].amount lines.data[].period.end lines.data[].period.start lines.data[].quantity
        lines.data[].subtotal lines.total_count period_end period_start post_payment_credit_notes_amount
        pre_payment_credit_notes_amount starting_balance subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: draft("", [oneTime, oneTime]),
  },
  {
    name: "invoice.draft_manual.2026-03-25.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_name customer_tax_exempt issuer.type lines.object lines.data[].id
        lines.data[].object lines.data[].currency lines.data[].description lines.data[].invoice
        lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_phone customer_shipping default_payment_method
        default_source description due_date effective_at ending_balance footer from_invoice
        hosted_invoice_url invoice_pdf last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        next_payment_attempt number on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.finalized_at
        status_transitions.marked_uncollectible_at status_transitions.paid_at status_transitions.voided_at
        test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        lines.data[].amount lines.data[].period.end lines.data[].period.start lines.data[].quantity
        lines.data[].subtotal lines.total_count period_end period_start post_payment_credit_notes_amount
        pre_payment_credit_notes_amount starting_balance subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: draft("", [oneTime], "&name=Ada"),
  },
  {
    name: "invoice.draft_auto_advance.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt issuer.type lines.object lines.data[].id lines.data[].object
        lines.data[].currency lines.data[].description lines.data[].invoice
        lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status custom_fields customer_account customer_address
        customer_name customer_phone customer_shipping default_payment_method default_source description
        due_date effective_at ending_balance footer from_invoice hosted_invoice_url invoice_pdf
        last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        number on_behalf_of parent payment_settings.default_mandate payment_settings.payment_method_options
        payment_settings.payment_method_types receipt_number rendering.amount_tax_display rendering.template
        rendering.template_version shipping_cost shipping_details statement_descriptor
        status_transitions.finalized_at status_transitions.marked_uncollectible_at
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
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: draft("&auto_advance=true"),
  },
  {
    name: "invoice.draft_send_invoice.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt issuer.type lines.object lines.url rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description effective_at ending_balance footer from_invoice
        hosted_invoice_url invoice_pdf last_finalization_error latest_revision next_payment_attempt number
        on_behalf_of parent payment_settings.default_mandate payment_settings.payment_method_options
        payment_settings.payment_method_types receipt_number rendering.amount_tax_display rendering.template
        rendering.template_version shipping_cost shipping_details statement_descriptor
        status_transitions.finalized_at status_transitions.marked_uncollectible_at
        status_transitions.paid_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        due_date lines.total_count period_end period_start post_payment_credit_notes_amount
        pre_payment_credit_notes_amount starting_balance subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: "attempted auto_advance automatic_tax.enabled lines.has_more livemode",
      list: `
        customer_tax_ids default_tax_rates discounts lines.data total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "metadata",
    },
    make: draft(sent, []),
  },
  {
    name: "invoice.draft_send_invoice_auto_advance.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt issuer.type lines.object lines.data[].id lines.data[].object
        lines.data[].currency lines.data[].description lines.data[].invoice
        lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status custom_fields customer_account customer_address
        customer_name customer_phone customer_shipping default_payment_method default_source description
        effective_at ending_balance footer from_invoice hosted_invoice_url invoice_pdf
        last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        next_payment_attempt number on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.finalized_at
        status_transitions.marked_uncollectible_at status_transitions.paid_at status_transitions.voided_at
        test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count
        automatically_finalizes_at created due_date lines.data[].amount lines.data[].period.end
        lines.data[].period.start lines.data[].quantity lines.data[].subtotal lines.total_count period_end
        period_start post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        subtotal subtotal_excluding_tax total total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: draft(`${sent}&auto_advance=true`),
  },
  {
    name: "invoice.open_finalized.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        next_payment_attempt on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.marked_uncollectible_at
        status_transitions.paid_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at subtotal subtotal_excluding_tax total total_excluding_tax
        webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: then(draft("", [oneTime], card), "/finalize"),
  },
  {
    name: "invoice.open_sent.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description footer from_invoice last_finalization_error
        latest_revision lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        next_payment_attempt on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.marked_uncollectible_at
        status_transitions.paid_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        due_date effective_at ending_balance lines.data[].amount lines.data[].period.end
        lines.data[].period.start lines.data[].quantity lines.data[].subtotal lines.total_count period_end
        period_start post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at subtotal subtotal_excluding_tax total total_excluding_tax
        webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: then(draft(`${sent}&auto_advance=true`), "/send"),
  },
  {
    name: "invoice.paid_manual.2026-03-25.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_name customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type
        lines.object lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_phone customer_shipping default_payment_method
        default_source description due_date footer from_invoice last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        next_payment_attempt on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.marked_uncollectible_at
        status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.paid_at subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: then(draft("", [oneTime], `&name=Ada${card}`), "/pay"),
  },
  {
    name: "invoice.paid_pay_on_draft.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        next_payment_attempt on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.marked_uncollectible_at
        status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.paid_at subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: then(draft("", [oneTime, oneTime], card), "/pay"),
  },
  {
    name: "invoice.paid_zero_finalized.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object lines.url
        number rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision next_payment_attempt on_behalf_of parent
        payment_settings.default_mandate payment_settings.payment_method_options
        payment_settings.payment_method_types receipt_number rendering.amount_tax_display rendering.template
        rendering.template_version shipping_cost shipping_details statement_descriptor
        status_transitions.marked_uncollectible_at status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.paid_at subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: "attempted auto_advance automatic_tax.enabled lines.has_more livemode",
      list: `
        customer_tax_ids default_tax_rates discounts lines.data total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "metadata",
    },
    make: then(draft("", []), "/finalize"),
  },
  {
    name: "invoice.paid_zero_sent.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object lines.url
        number rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description footer from_invoice last_finalization_error
        latest_revision next_payment_attempt on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.marked_uncollectible_at
        status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        due_date effective_at ending_balance lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.paid_at subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: "attempted auto_advance automatic_tax.enabled lines.has_more livemode",
      list: `
        customer_tax_ids default_tax_rates discounts lines.data total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "metadata",
    },
    make: then(draft(sent, []), "/send"),
  },
  {
    name: "invoice.paid_out_of_band.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description footer from_invoice last_finalization_error
        latest_revision lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        next_payment_attempt on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.marked_uncollectible_at
        status_transitions.voided_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        due_date effective_at ending_balance lines.data[].amount lines.data[].period.end
        lines.data[].period.start lines.data[].quantity lines.data[].subtotal lines.total_count period_end
        period_start post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.paid_at subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: then(then(draft(`${sent}&auto_advance=true`), "/send"), "/pay", "paid_out_of_band=true"),
  },
  {
    name: "invoice.uncollectible.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        next_payment_attempt on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.paid_at status_transitions.voided_at
        test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.marked_uncollectible_at subtotal
        subtotal_excluding_tax total total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: then(then(draft(), "/finalize"), "/mark_uncollectible"),
  },
  {
    name: "invoice.void.2026-08-26.dahlia",
    shape: {
      string: `
        id object account_country account_name billing_reason collection_method currency customer
        customer_email customer_tax_exempt hosted_invoice_url invoice_pdf issuer.type lines.object
        lines.data[].id lines.data[].object lines.data[].currency lines.data[].description
        lines.data[].invoice lines.data[].parent.invoice_item_details.invoice_item lines.data[].parent.type
        lines.data[].pricing.price_details.price lines.data[].pricing.price_details.product
        lines.data[].pricing.type lines.data[].pricing.unit_amount_decimal lines.data[].quantity_decimal
        lines.url number rendering.pdf.page_size status`,
      null: `
        account_tax_ids application automatic_tax.disabled_reason automatic_tax.liability
        automatic_tax.provider automatic_tax.status automatically_finalizes_at custom_fields
        customer_account customer_address customer_name customer_phone customer_shipping
        default_payment_method default_source description due_date footer from_invoice
        last_finalization_error latest_revision
        lines.data[].parent.invoice_item_details.proration_details.credited_items
        lines.data[].parent.invoice_item_details.subscription lines.data[].parent.subscription_item_details
        next_payment_attempt on_behalf_of parent payment_settings.default_mandate
        payment_settings.payment_method_options payment_settings.payment_method_types receipt_number
        rendering.amount_tax_display rendering.template rendering.template_version shipping_cost
        shipping_details statement_descriptor status_transitions.marked_uncollectible_at
        status_transitions.paid_at test_clock`,
      number: `
        amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count created
        effective_at ending_balance lines.data[].amount lines.data[].period.end lines.data[].period.start
        lines.data[].quantity lines.data[].subtotal lines.total_count period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance
        status_transitions.finalized_at status_transitions.voided_at subtotal subtotal_excluding_tax total
        total_excluding_tax webhooks_delivered_at`,
      boolean: `
        attempted auto_advance automatic_tax.enabled lines.data[].discountable lines.data[].livemode
        lines.data[].parent.invoice_item_details.proration lines.has_more livemode`,
      list: `
        customer_tax_ids default_tax_rates discounts lines.data[].discount_amounts lines.data[].discounts
        lines.data[].pretax_credit_amounts lines.data[].taxes total_discount_amounts
        total_pretax_credit_amounts total_taxes`,
      map: "lines.data[].metadata metadata",
    },
    make: then(then(draft("", [oneTime], card), "/finalize"), "/void"),
  },
  {
    name: "invoice.deleted.2026-08-26.dahlia",
    shape: {
      string: "id object",
      boolean: "deleted",
    },
    make: async (maker) => {
      const { id } = await draft("", [])(maker);
      return maker.call("DELETE", `/v1/invoices/${id}`);
    },
  },
  {
    name: "line_item.update_answer.2026-08-26.dahlia",
    shape: {
      string: `
        id object currency description invoice parent.invoice_item_details.invoice_item parent.type
        pricing.price_details.price pricing.price_details.product pricing.type pricing.unit_amount_decimal
        quantity_decimal`,
      number: "amount period.end period.start quantity subtotal",
      list: "discount_amounts discounts pretax_credit_amounts taxes",
      boolean: "discountable livemode parent.invoice_item_details.proration",
      map: "metadata",
      null: `
        parent.invoice_item_details.proration_details.credited_items
        parent.invoice_item_details.subscription parent.subscription_item_details`,
    },
    make: async (maker) => {
      const { id, lines } = await draft()(maker);
      const [line] = (lines as { data: { id: string }[] }).data;
      const form = "amount=777&description=changed";
      return maker.call("POST", `/v1/invoices/${id}/lines/${line?.id}`, form);
    },
  },
  {
    name: "invoice_payment.open.2026-03-25.dahlia",
    shape: {
      string: "id object currency invoice payment.payment_intent payment.type status",
      null: "amount_paid status_transitions.canceled_at status_transitions.paid_at",
      number: "amount_requested created",
      boolean: "is_default livemode",
    },
    make: async (maker) => {
      const { id } = await then(draft("", [oneTime], card), "/finalize")(maker);
      const { data } = await maker.call("GET", "/v1/invoice_payments", `invoice=${id}&status=open`);
      return (data as unknown[])[0];
    },
  },
  {
    name: "invoice_payment.paid.2026-03-25.dahlia",
    shape: {
      string: "id object currency invoice payment.payment_intent payment.type status",
      number: "amount_paid amount_requested created status_transitions.paid_at",
      boolean: "is_default livemode",
      null: "status_transitions.canceled_at",
    },
    make: async (maker) => {
      const { id } = await then(draft("", [oneTime], card), "/pay")(maker);
      const { data } = await maker.call("GET", "/v1/invoice_payments", `invoice=${id}&status=paid`);
      return (data as unknown[])[0];
    },
  },
  {
    name: "customer_balance_transaction.applied_to_invoice_credit.2026-08-26.dahlia",
    shape: {
      string: "id object currency customer invoice type",
      number: "amount created ending_balance",
      null: "checkout_session credit_note customer_account description",
      boolean: "livemode",
      map: "metadata",
    },
    make: async (maker) => {
      const { id: customer } = await maker.call("POST", "/v1/customers", "email=a@example.com");
      await maker.call("POST", `/v1/customers/${customer}/balance_transactions`, "amount=-500&currency=usd");
      await maker.call("POST", "/v1/invoiceitems", `customer=${customer}&${oneTime}`);
      const form = `customer=${customer}&pending_invoice_items_behavior=include`;
      const { id } = await maker.call("POST", "/v1/invoices", form);
      await maker.call("POST", `/v1/invoices/${id}/finalize`);
      const { data } = await maker.call("GET", `/v1/customers/${customer}/balance_transactions`);
      return (data as unknown[])[0];
    },
  },
  {
    name: "event.invoice.deleted.2020-08-27",
    shape: {
      string: `
        id object api_version data.object.id data.object.object data.object.account_country
        data.object.account_name data.object.billing_reason data.object.collection_method
        data.object.currency data.object.customer data.object.customer_email data.object.customer_name
        data.object.customer_tax_exempt data.object.footer data.object.lines.object
        data.object.lines.data[].id data.object.lines.data[].object data.object.lines.data[].currency
        data.object.lines.data[].description data.object.lines.data[].invoice_item
        data.object.lines.data[].price.id data.object.lines.data[].price.object
        data.object.lines.data[].price.billing_scheme data.object.lines.data[].price.currency
        data.object.lines.data[].price.product data.object.lines.data[].price.tax_behavior
        data.object.lines.data[].price.type data.object.lines.data[].price.unit_amount_decimal
        data.object.lines.data[].type data.object.lines.data[].unit_amount_excluding_tax
        data.object.lines.url data.object.status request.id type`,
      number: `
        created data.object.amount_due data.object.amount_paid data.object.amount_remaining
        data.object.amount_shipping data.object.attempt_count data.object.created data.object.due_date
        data.object.lines.data[].amount data.object.lines.data[].amount_excluding_tax
        data.object.lines.data[].period.end data.object.lines.data[].period.start
        data.object.lines.data[].price.created data.object.lines.data[].price.unit_amount
        data.object.lines.data[].quantity data.object.lines.total_count data.object.period_end
        data.object.period_start data.object.post_payment_credit_notes_amount
        data.object.pre_payment_credit_notes_amount data.object.starting_balance data.object.subtotal
        data.object.subtotal_excluding_tax data.object.total data.object.total_excluding_tax
        data.object.webhooks_delivered_at pending_webhooks`,
      null: `
        data.object.account_tax_ids data.object.application data.object.application_fee_amount
        data.object.automatic_tax.status data.object.charge data.object.custom_fields
        data.object.customer_address data.object.customer_phone data.object.customer_shipping
        data.object.default_payment_method data.object.default_source data.object.description
        data.object.discount data.object.effective_at data.object.ending_balance data.object.from_invoice
        data.object.hosted_invoice_url data.object.invoice_pdf data.object.last_finalization_error
        data.object.latest_revision data.object.lines.data[].plan
        data.object.lines.data[].price.custom_unit_amount data.object.lines.data[].price.lookup_key
        data.object.lines.data[].price.nickname data.object.lines.data[].price.recurring
        data.object.lines.data[].price.tiers_mode data.object.lines.data[].price.transform_quantity
        data.object.lines.data[].proration_details.credited_items data.object.lines.data[].subscription
        data.object.next_payment_attempt data.object.number data.object.on_behalf_of
        data.object.payment_intent data.object.payment_settings.default_mandate
        data.object.payment_settings.payment_method_options
        data.object.payment_settings.payment_method_types data.object.quote data.object.receipt_number
        data.object.rendering_options data.object.shipping_cost data.object.shipping_details
        data.object.statement_descriptor data.object.status_transitions.finalized_at
        data.object.status_transitions.marked_uncollectible_at data.object.status_transitions.paid_at
        data.object.status_transitions.voided_at data.object.subscription data.object.tax
        data.object.test_clock data.object.transfer_data request.idempotency_key`,
      boolean: `
        data.object.attempted data.object.auto_advance data.object.automatic_tax.enabled
        data.object.lines.data[].discountable data.object.lines.data[].livemode
        data.object.lines.data[].price.active data.object.lines.data[].price.livemode
        data.object.lines.data[].proration data.object.lines.has_more data.object.livemode data.object.paid
        data.object.paid_out_of_band livemode`,
      list: `
        data.object.customer_tax_ids data.object.default_tax_rates data.object.discounts
        data.object.lines.data[].discount_amounts data.object.lines.data[].discounts
        data.object.lines.data[].tax_amounts data.object.lines.data[].tax_rates
        data.object.total_discount_amounts data.object.total_tax_amounts`,
      map: "data.object.lines.data[].metadata data.object.lines.data[].price.metadata data.object.metadata",
    },
    make: async (maker) => {
      const form = `${sent}&footer=Thank+you`;
      const { id } = await draft(form, [oneTime], "&name=Ada")(maker);
      await maker.call("DELETE", `/v1/invoices/${id}`);
      return maker.event("invoice.deleted");
    },
  },
];
