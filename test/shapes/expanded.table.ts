// Subscriptions with what hangs on them, as a program asks for all of it at once, as Stripe was recorded.
import type { RealBody } from "./shape.ts";
import { discounted, expanded, named, subscribed, then } from "./subscribe.ts";

const resumes = "pause_collection[resumes_at]=1900000000";

export const expandedBodies: readonly RealBody[] = [
  {
    name: "subscription.active_expanded.2026-03-25.dahlia",
    shape: {
      string: `
        id object application billing_mode.flexible.proration_discounts billing_mode.type collection_method
        currency customer invoice_settings.issuer.type items.object items.data[].id items.data[].object
        items.data[].plan.id items.data[].plan.object items.data[].plan.amount_decimal
        items.data[].plan.billing_scheme items.data[].plan.currency items.data[].plan.interval
        items.data[].plan.product items.data[].plan.usage_type items.data[].price.id
        items.data[].price.object items.data[].price.billing_scheme items.data[].price.currency
        items.data[].price.product items.data[].price.recurring.interval
        items.data[].price.recurring.usage_type items.data[].price.tax_behavior items.data[].price.type
        items.data[].price.unit_amount_decimal items.data[].subscription items.url latest_invoice.id
        latest_invoice.object latest_invoice.account_country latest_invoice.account_name
        latest_invoice.application latest_invoice.billing_reason latest_invoice.collection_method
        latest_invoice.confirmation_secret.client_secret latest_invoice.confirmation_secret.type
        latest_invoice.currency latest_invoice.customer latest_invoice.customer_email
        latest_invoice.customer_tax_exempt latest_invoice.hosted_invoice_url latest_invoice.invoice_pdf
        latest_invoice.issuer.type latest_invoice.lines.object latest_invoice.lines.data[].id
        latest_invoice.lines.data[].object latest_invoice.lines.data[].currency
        latest_invoice.lines.data[].description latest_invoice.lines.data[].invoice
        latest_invoice.lines.data[].parent.subscription_item_details.subscription
        latest_invoice.lines.data[].parent.subscription_item_details.subscription_item
        latest_invoice.lines.data[].parent.type latest_invoice.lines.data[].pricing.price_details.price
        latest_invoice.lines.data[].pricing.price_details.product latest_invoice.lines.data[].pricing.type
        latest_invoice.lines.data[].pricing.unit_amount_decimal latest_invoice.lines.data[].quantity_decimal
        latest_invoice.lines.url latest_invoice.number
        latest_invoice.parent.subscription_details.subscription latest_invoice.parent.type
        latest_invoice.payments.object latest_invoice.payments.data[].id
        latest_invoice.payments.data[].object latest_invoice.payments.data[].currency
        latest_invoice.payments.data[].invoice latest_invoice.payments.data[].payment.payment_intent
        latest_invoice.payments.data[].payment.type latest_invoice.payments.data[].status
        latest_invoice.payments.url latest_invoice.status payment_settings.save_default_payment_method
        plan.id plan.object plan.amount_decimal plan.billing_scheme plan.currency plan.interval plan.product
        plan.usage_type status trial_settings.end_behavior.missing_payment_method`,
      null: `
        application_fee_percent automatic_tax.disabled_reason automatic_tax.liability
        billing_cycle_anchor_config billing_thresholds cancel_at canceled_at cancellation_details.comment
        cancellation_details.feedback cancellation_details.reason customer_account days_until_due
        default_payment_method default_source description ended_at invoice_settings.account_tax_ids
        items.data[].billing_thresholds items.data[].plan.meter items.data[].plan.nickname
        items.data[].plan.tiers_mode items.data[].plan.transform_usage items.data[].plan.trial_period_days
        items.data[].price.custom_unit_amount items.data[].price.lookup_key items.data[].price.nickname
        items.data[].price.recurring.meter items.data[].price.recurring.trial_period_days
        items.data[].price.tiers_mode items.data[].price.transform_quantity latest_invoice.account_tax_ids
        latest_invoice.automatic_tax.disabled_reason latest_invoice.automatic_tax.liability
        latest_invoice.automatic_tax.provider latest_invoice.automatic_tax.status
        latest_invoice.automatically_finalizes_at latest_invoice.custom_fields
        latest_invoice.customer_account latest_invoice.customer_address latest_invoice.customer_name
        latest_invoice.customer_phone latest_invoice.customer_shipping latest_invoice.default_payment_method
        latest_invoice.default_source latest_invoice.description latest_invoice.due_date
        latest_invoice.footer latest_invoice.from_invoice latest_invoice.last_finalization_error
        latest_invoice.latest_revision latest_invoice.lines.data[].parent.invoice_item_details
        latest_invoice.lines.data[].parent.subscription_item_details.invoice_item
        latest_invoice.lines.data[].parent.subscription_item_details.proration_details.credited_items
        latest_invoice.next_payment_attempt latest_invoice.on_behalf_of latest_invoice.parent.quote_details
        latest_invoice.payment_settings.default_mandate
        latest_invoice.payment_settings.payment_method_options
        latest_invoice.payment_settings.payment_method_types
        latest_invoice.payments.data[].status_transitions.canceled_at latest_invoice.receipt_number
        latest_invoice.rendering latest_invoice.shipping_cost latest_invoice.shipping_details
        latest_invoice.statement_descriptor latest_invoice.status_transitions.marked_uncollectible_at
        latest_invoice.status_transitions.voided_at latest_invoice.test_clock
        next_pending_invoice_item_invoice on_behalf_of pause_collection
        payment_settings.payment_method_options payment_settings.payment_method_types
        pending_invoice_item_interval pending_setup_intent pending_update plan.meter plan.nickname
        plan.tiers_mode plan.transform_usage plan.trial_period_days schedule test_clock transfer_data
        trial_end trial_start`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more latest_invoice.attempted
        latest_invoice.auto_advance latest_invoice.automatic_tax.enabled
        latest_invoice.lines.data[].discountable latest_invoice.lines.data[].livemode
        latest_invoice.lines.data[].parent.subscription_item_details.proration latest_invoice.lines.has_more
        latest_invoice.livemode latest_invoice.payments.data[].is_default
        latest_invoice.payments.data[].livemode latest_invoice.payments.has_more livemode plan.active
        plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count latest_invoice.amount_due latest_invoice.amount_overpaid
        latest_invoice.amount_paid latest_invoice.amount_remaining latest_invoice.amount_shipping
        latest_invoice.attempt_count latest_invoice.created latest_invoice.effective_at
        latest_invoice.ending_balance latest_invoice.lines.data[].amount
        latest_invoice.lines.data[].period.end latest_invoice.lines.data[].period.start
        latest_invoice.lines.data[].quantity latest_invoice.lines.data[].subtotal
        latest_invoice.lines.total_count latest_invoice.payments.data[].amount_paid
        latest_invoice.payments.data[].amount_requested latest_invoice.payments.data[].created
        latest_invoice.payments.data[].status_transitions.paid_at latest_invoice.period_end
        latest_invoice.period_start latest_invoice.post_payment_credit_notes_amount
        latest_invoice.pre_payment_credit_notes_amount latest_invoice.starting_balance
        latest_invoice.status_transitions.finalized_at latest_invoice.status_transitions.paid_at
        latest_invoice.subtotal latest_invoice.subtotal_excluding_tax latest_invoice.total
        latest_invoice.total_excluding_tax latest_invoice.webhooks_delivered_at plan.amount plan.created
        plan.interval_count quantity start_date`,
      list: `
        default_tax_rates discounts items.data[].discounts items.data[].tax_rates
        latest_invoice.customer_tax_ids latest_invoice.default_tax_rates latest_invoice.discounts
        latest_invoice.lines.data[].discount_amounts latest_invoice.lines.data[].discounts
        latest_invoice.lines.data[].pretax_credit_amounts latest_invoice.lines.data[].taxes
        latest_invoice.total_discount_amounts latest_invoice.total_pretax_credit_amounts
        latest_invoice.total_taxes`,
      map: `
        items.data[].metadata items.data[].plan.metadata items.data[].price.metadata
        latest_invoice.lines.data[].metadata latest_invoice.metadata
        latest_invoice.parent.subscription_details.metadata metadata plan.metadata`,
    },
    make: subscribed(expanded),
  },
  {
    name: "subscription.incomplete_expanded.2026-03-25.dahlia",
    shape: {
      string: `
        id object billing_mode.flexible.proration_discounts billing_mode.type collection_method currency
        customer invoice_settings.issuer.type items.object items.data[].id items.data[].object
        items.data[].plan.id items.data[].plan.object items.data[].plan.amount_decimal
        items.data[].plan.billing_scheme items.data[].plan.currency items.data[].plan.interval
        items.data[].plan.nickname items.data[].plan.product items.data[].plan.usage_type
        items.data[].price.id items.data[].price.object items.data[].price.billing_scheme
        items.data[].price.currency items.data[].price.nickname items.data[].price.product
        items.data[].price.recurring.interval items.data[].price.recurring.usage_type
        items.data[].price.tax_behavior items.data[].price.type items.data[].price.unit_amount_decimal
        items.data[].subscription items.url latest_invoice.id latest_invoice.object
        latest_invoice.account_country latest_invoice.account_name latest_invoice.billing_reason
        latest_invoice.collection_method latest_invoice.confirmation_secret.client_secret
        latest_invoice.confirmation_secret.type latest_invoice.currency latest_invoice.customer
        latest_invoice.customer_email latest_invoice.customer_name latest_invoice.customer_tax_exempt
        latest_invoice.hosted_invoice_url latest_invoice.invoice_pdf latest_invoice.issuer.type
        latest_invoice.lines.object latest_invoice.lines.data[].id latest_invoice.lines.data[].object
        latest_invoice.lines.data[].currency latest_invoice.lines.data[].description
        latest_invoice.lines.data[].invoice
        latest_invoice.lines.data[].parent.subscription_item_details.subscription
        latest_invoice.lines.data[].parent.subscription_item_details.subscription_item
        latest_invoice.lines.data[].parent.type latest_invoice.lines.data[].pricing.price_details.price
        latest_invoice.lines.data[].pricing.price_details.product latest_invoice.lines.data[].pricing.type
        latest_invoice.lines.data[].pricing.unit_amount_decimal latest_invoice.lines.data[].quantity_decimal
        latest_invoice.lines.url latest_invoice.number
        latest_invoice.parent.subscription_details.subscription latest_invoice.parent.type
        latest_invoice.payments.object latest_invoice.payments.data[].id
        latest_invoice.payments.data[].object latest_invoice.payments.data[].currency
        latest_invoice.payments.data[].invoice latest_invoice.payments.data[].payment.payment_intent
        latest_invoice.payments.data[].payment.type latest_invoice.payments.data[].status
        latest_invoice.payments.url latest_invoice.status payment_settings.save_default_payment_method
        plan.id plan.object plan.amount_decimal plan.billing_scheme plan.currency plan.interval
        plan.nickname plan.product plan.usage_type status trial_settings.end_behavior.missing_payment_method`,
      null: `
        application application_fee_percent automatic_tax.disabled_reason automatic_tax.liability
        billing_cycle_anchor_config billing_thresholds cancel_at canceled_at cancellation_details.comment
        cancellation_details.feedback cancellation_details.reason customer_account days_until_due
        default_payment_method default_source description ended_at invoice_settings.account_tax_ids
        items.data[].billing_thresholds items.data[].plan.meter items.data[].plan.tiers_mode
        items.data[].plan.transform_usage items.data[].plan.trial_period_days
        items.data[].price.custom_unit_amount items.data[].price.lookup_key
        items.data[].price.recurring.meter items.data[].price.recurring.trial_period_days
        items.data[].price.tiers_mode items.data[].price.transform_quantity latest_invoice.account_tax_ids
        latest_invoice.application latest_invoice.automatic_tax.disabled_reason
        latest_invoice.automatic_tax.liability latest_invoice.automatic_tax.provider
        latest_invoice.automatic_tax.status latest_invoice.automatically_finalizes_at
        latest_invoice.custom_fields latest_invoice.customer_account latest_invoice.customer_address
        latest_invoice.customer_phone latest_invoice.customer_shipping latest_invoice.default_payment_method
        latest_invoice.default_source latest_invoice.description latest_invoice.due_date
        latest_invoice.footer latest_invoice.from_invoice latest_invoice.last_finalization_error
        latest_invoice.latest_revision latest_invoice.lines.data[].parent.invoice_item_details
        latest_invoice.lines.data[].parent.subscription_item_details.invoice_item
        latest_invoice.lines.data[].parent.subscription_item_details.proration_details.credited_items
        latest_invoice.next_payment_attempt latest_invoice.on_behalf_of latest_invoice.parent.quote_details
        latest_invoice.payment_settings.default_mandate
        latest_invoice.payment_settings.payment_method_options
        latest_invoice.payment_settings.payment_method_types latest_invoice.payments.data[].amount_paid
        latest_invoice.payments.data[].status_transitions.canceled_at
        latest_invoice.payments.data[].status_transitions.paid_at latest_invoice.receipt_number
        latest_invoice.rendering latest_invoice.shipping_cost latest_invoice.shipping_details
        latest_invoice.statement_descriptor latest_invoice.status_transitions.marked_uncollectible_at
        latest_invoice.status_transitions.paid_at latest_invoice.status_transitions.voided_at
        latest_invoice.test_clock next_pending_invoice_item_invoice on_behalf_of pause_collection
        payment_settings.payment_method_options payment_settings.payment_method_types
        pending_invoice_item_interval pending_setup_intent pending_update plan.meter plan.tiers_mode
        plan.transform_usage plan.trial_period_days schedule test_clock transfer_data trial_end trial_start`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more latest_invoice.attempted
        latest_invoice.auto_advance latest_invoice.automatic_tax.enabled
        latest_invoice.lines.data[].discountable latest_invoice.lines.data[].livemode
        latest_invoice.lines.data[].parent.subscription_item_details.proration latest_invoice.lines.has_more
        latest_invoice.livemode latest_invoice.payments.data[].is_default
        latest_invoice.payments.data[].livemode latest_invoice.payments.has_more livemode plan.active
        plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count latest_invoice.amount_due latest_invoice.amount_overpaid
        latest_invoice.amount_paid latest_invoice.amount_remaining latest_invoice.amount_shipping
        latest_invoice.attempt_count latest_invoice.created latest_invoice.effective_at
        latest_invoice.ending_balance latest_invoice.lines.data[].amount
        latest_invoice.lines.data[].period.end latest_invoice.lines.data[].period.start
        latest_invoice.lines.data[].quantity latest_invoice.lines.data[].subtotal
        latest_invoice.lines.total_count latest_invoice.payments.data[].amount_requested
        latest_invoice.payments.data[].created latest_invoice.period_end latest_invoice.period_start
        latest_invoice.post_payment_credit_notes_amount latest_invoice.pre_payment_credit_notes_amount
        latest_invoice.starting_balance latest_invoice.status_transitions.finalized_at
        latest_invoice.subtotal latest_invoice.subtotal_excluding_tax latest_invoice.total
        latest_invoice.total_excluding_tax latest_invoice.webhooks_delivered_at plan.amount plan.created
        plan.interval_count quantity start_date`,
      list: `
        default_tax_rates discounts items.data[].discounts items.data[].tax_rates
        latest_invoice.customer_tax_ids latest_invoice.default_tax_rates latest_invoice.discounts
        latest_invoice.lines.data[].discount_amounts latest_invoice.lines.data[].discounts
        latest_invoice.lines.data[].pretax_credit_amounts latest_invoice.lines.data[].taxes
        latest_invoice.total_discount_amounts latest_invoice.total_pretax_credit_amounts
        latest_invoice.total_taxes`,
      map: `
        items.data[].metadata items.data[].plan.metadata items.data[].price.metadata
        latest_invoice.lines.data[].metadata latest_invoice.metadata
        latest_invoice.parent.subscription_details.metadata metadata plan.metadata`,
    },
    make: subscribed(expanded, { ...named, card: "pm_card_threeDSecure2Required" }),
  },
  {
    name: "subscription.trialing_expanded.2026-03-25.dahlia",
    shape: {
      string: `
        id object billing_mode.flexible.proration_discounts billing_mode.type collection_method currency
        customer invoice_settings.issuer.type items.object items.data[].id items.data[].object
        items.data[].plan.id items.data[].plan.object items.data[].plan.amount_decimal
        items.data[].plan.billing_scheme items.data[].plan.currency items.data[].plan.interval
        items.data[].plan.nickname items.data[].plan.product items.data[].plan.usage_type
        items.data[].price.id items.data[].price.object items.data[].price.billing_scheme
        items.data[].price.currency items.data[].price.nickname items.data[].price.product
        items.data[].price.recurring.interval items.data[].price.recurring.usage_type
        items.data[].price.tax_behavior items.data[].price.type items.data[].price.unit_amount_decimal
        items.data[].subscription items.url latest_invoice.id latest_invoice.object
        latest_invoice.account_country latest_invoice.account_name latest_invoice.billing_reason
        latest_invoice.collection_method latest_invoice.currency latest_invoice.customer
        latest_invoice.customer_email latest_invoice.customer_name latest_invoice.customer_tax_exempt
        latest_invoice.hosted_invoice_url latest_invoice.invoice_pdf latest_invoice.issuer.type
        latest_invoice.lines.object latest_invoice.lines.data[].id latest_invoice.lines.data[].object
        latest_invoice.lines.data[].currency latest_invoice.lines.data[].description
        latest_invoice.lines.data[].invoice
        latest_invoice.lines.data[].parent.subscription_item_details.subscription
        latest_invoice.lines.data[].parent.subscription_item_details.subscription_item
        latest_invoice.lines.data[].parent.type latest_invoice.lines.data[].pricing.price_details.price
        latest_invoice.lines.data[].pricing.price_details.product latest_invoice.lines.data[].pricing.type
        latest_invoice.lines.data[].pricing.unit_amount_decimal latest_invoice.lines.data[].quantity_decimal
        latest_invoice.lines.url latest_invoice.number
        latest_invoice.parent.subscription_details.subscription latest_invoice.parent.type
        latest_invoice.payments.object latest_invoice.payments.url latest_invoice.status
        payment_settings.save_default_payment_method plan.id plan.object plan.amount_decimal
        plan.billing_scheme plan.currency plan.interval plan.nickname plan.product plan.usage_type status
        trial_settings.end_behavior.missing_payment_method`,
      null: `
        application application_fee_percent automatic_tax.disabled_reason automatic_tax.liability
        billing_cycle_anchor_config billing_thresholds cancel_at canceled_at cancellation_details.comment
        cancellation_details.feedback cancellation_details.reason customer_account days_until_due
        default_payment_method default_source description ended_at invoice_settings.account_tax_ids
        items.data[].billing_thresholds items.data[].plan.meter items.data[].plan.tiers_mode
        items.data[].plan.transform_usage items.data[].plan.trial_period_days
        items.data[].price.custom_unit_amount items.data[].price.lookup_key
        items.data[].price.recurring.meter items.data[].price.recurring.trial_period_days
        items.data[].price.tiers_mode items.data[].price.transform_quantity latest_invoice.account_tax_ids
        latest_invoice.application latest_invoice.automatic_tax.disabled_reason
        latest_invoice.automatic_tax.liability latest_invoice.automatic_tax.provider
        latest_invoice.automatic_tax.status latest_invoice.automatically_finalizes_at
        latest_invoice.confirmation_secret latest_invoice.custom_fields latest_invoice.customer_account
        latest_invoice.customer_address latest_invoice.customer_phone latest_invoice.customer_shipping
        latest_invoice.default_payment_method latest_invoice.default_source latest_invoice.description
        latest_invoice.due_date latest_invoice.footer latest_invoice.from_invoice
        latest_invoice.last_finalization_error latest_invoice.latest_revision
        latest_invoice.lines.data[].parent.invoice_item_details
        latest_invoice.lines.data[].parent.subscription_item_details.invoice_item
        latest_invoice.lines.data[].parent.subscription_item_details.proration_details.credited_items
        latest_invoice.next_payment_attempt latest_invoice.on_behalf_of latest_invoice.parent.quote_details
        latest_invoice.payment_settings.default_mandate
        latest_invoice.payment_settings.payment_method_options
        latest_invoice.payment_settings.payment_method_types latest_invoice.receipt_number
        latest_invoice.rendering latest_invoice.shipping_cost latest_invoice.shipping_details
        latest_invoice.statement_descriptor latest_invoice.status_transitions.marked_uncollectible_at
        latest_invoice.status_transitions.voided_at latest_invoice.test_clock
        next_pending_invoice_item_invoice on_behalf_of pause_collection
        payment_settings.payment_method_options payment_settings.payment_method_types
        pending_invoice_item_interval pending_setup_intent pending_update plan.meter plan.tiers_mode
        plan.transform_usage plan.trial_period_days schedule test_clock transfer_data`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more latest_invoice.attempted
        latest_invoice.auto_advance latest_invoice.automatic_tax.enabled
        latest_invoice.lines.data[].discountable latest_invoice.lines.data[].livemode
        latest_invoice.lines.data[].parent.subscription_item_details.proration latest_invoice.lines.has_more
        latest_invoice.livemode latest_invoice.payments.has_more livemode plan.active plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count latest_invoice.amount_due latest_invoice.amount_overpaid
        latest_invoice.amount_paid latest_invoice.amount_remaining latest_invoice.amount_shipping
        latest_invoice.attempt_count latest_invoice.created latest_invoice.effective_at
        latest_invoice.ending_balance latest_invoice.lines.data[].amount
        latest_invoice.lines.data[].period.end latest_invoice.lines.data[].period.start
        latest_invoice.lines.data[].quantity latest_invoice.lines.data[].subtotal
        latest_invoice.lines.total_count latest_invoice.period_end latest_invoice.period_start
        latest_invoice.post_payment_credit_notes_amount latest_invoice.pre_payment_credit_notes_amount
        latest_invoice.starting_balance latest_invoice.status_transitions.finalized_at
        latest_invoice.status_transitions.paid_at latest_invoice.subtotal
        latest_invoice.subtotal_excluding_tax latest_invoice.total latest_invoice.total_excluding_tax
        latest_invoice.webhooks_delivered_at plan.amount plan.created plan.interval_count quantity
        start_date trial_end trial_start`,
      list: `
        default_tax_rates discounts items.data[].discounts items.data[].tax_rates
        latest_invoice.customer_tax_ids latest_invoice.default_tax_rates latest_invoice.discounts
        latest_invoice.lines.data[].discount_amounts latest_invoice.lines.data[].discounts
        latest_invoice.lines.data[].pretax_credit_amounts latest_invoice.lines.data[].taxes
        latest_invoice.payments.data latest_invoice.total_discount_amounts
        latest_invoice.total_pretax_credit_amounts latest_invoice.total_taxes`,
      map: `
        items.data[].metadata items.data[].plan.metadata items.data[].price.metadata
        latest_invoice.lines.data[].metadata latest_invoice.metadata
        latest_invoice.parent.subscription_details.metadata metadata plan.metadata`,
    },
    make: subscribed(`&trial_period_days=15${expanded}`, named),
  },
  {
    name: "subscription.with_discount.2025-10-29.clover",
    shape: {
      string: `
        id object billing_mode.flexible.proration_discounts billing_mode.type collection_method currency
        customer discounts[].id discounts[].object discounts[].customer discounts[].source.coupon
        discounts[].source.type discounts[].subscription invoice_settings.issuer.type items.object
        items.data[].id items.data[].object items.data[].plan.id items.data[].plan.object
        items.data[].plan.amount_decimal items.data[].plan.billing_scheme items.data[].plan.currency
        items.data[].plan.interval items.data[].plan.nickname items.data[].plan.product
        items.data[].plan.usage_type items.data[].price.id items.data[].price.object
        items.data[].price.billing_scheme items.data[].price.currency items.data[].price.nickname
        items.data[].price.product items.data[].price.recurring.interval
        items.data[].price.recurring.usage_type items.data[].price.tax_behavior items.data[].price.type
        items.data[].price.unit_amount_decimal items.data[].subscription items.url latest_invoice.id
        latest_invoice.object latest_invoice.account_country latest_invoice.account_name
        latest_invoice.billing_reason latest_invoice.collection_method
        latest_invoice.confirmation_secret.client_secret latest_invoice.confirmation_secret.type
        latest_invoice.currency latest_invoice.customer latest_invoice.customer_email
        latest_invoice.customer_name latest_invoice.customer_tax_exempt latest_invoice.discounts[]
        latest_invoice.hosted_invoice_url latest_invoice.invoice_pdf latest_invoice.issuer.type
        latest_invoice.lines.object latest_invoice.lines.data[].id latest_invoice.lines.data[].object
        latest_invoice.lines.data[].currency latest_invoice.lines.data[].description
        latest_invoice.lines.data[].discount_amounts[].discount latest_invoice.lines.data[].invoice
        latest_invoice.lines.data[].parent.subscription_item_details.subscription
        latest_invoice.lines.data[].parent.subscription_item_details.subscription_item
        latest_invoice.lines.data[].parent.type latest_invoice.lines.data[].pretax_credit_amounts[].discount
        latest_invoice.lines.data[].pretax_credit_amounts[].type
        latest_invoice.lines.data[].pricing.price_details.price
        latest_invoice.lines.data[].pricing.price_details.product latest_invoice.lines.data[].pricing.type
        latest_invoice.lines.data[].pricing.unit_amount_decimal latest_invoice.lines.url
        latest_invoice.number latest_invoice.parent.subscription_details.subscription
        latest_invoice.parent.type latest_invoice.payments.object latest_invoice.payments.data[].id
        latest_invoice.payments.data[].object latest_invoice.payments.data[].currency
        latest_invoice.payments.data[].invoice latest_invoice.payments.data[].payment.payment_intent
        latest_invoice.payments.data[].payment.type latest_invoice.payments.data[].status
        latest_invoice.payments.url latest_invoice.status
        latest_invoice.total_discount_amounts[].discount.id
        latest_invoice.total_discount_amounts[].discount.object
        latest_invoice.total_discount_amounts[].discount.customer
        latest_invoice.total_discount_amounts[].discount.source.coupon
        latest_invoice.total_discount_amounts[].discount.source.type
        latest_invoice.total_discount_amounts[].discount.subscription
        latest_invoice.total_pretax_credit_amounts[].discount
        latest_invoice.total_pretax_credit_amounts[].type payment_settings.save_default_payment_method
        plan.id plan.object plan.amount_decimal plan.billing_scheme plan.currency plan.interval
        plan.nickname plan.product plan.usage_type status trial_settings.end_behavior.missing_payment_method`,
      null: `
        application application_fee_percent automatic_tax.disabled_reason automatic_tax.liability
        billing_cycle_anchor_config billing_thresholds cancel_at canceled_at cancellation_details.comment
        cancellation_details.feedback cancellation_details.reason days_until_due default_payment_method
        default_source description discounts[].checkout_session discounts[].end discounts[].invoice
        discounts[].invoice_item discounts[].promotion_code discounts[].subscription_item ended_at
        invoice_settings.account_tax_ids items.data[].billing_thresholds items.data[].plan.meter
        items.data[].plan.tiers_mode items.data[].plan.transform_usage items.data[].plan.trial_period_days
        items.data[].price.custom_unit_amount items.data[].price.lookup_key
        items.data[].price.recurring.meter items.data[].price.recurring.trial_period_days
        items.data[].price.tiers_mode items.data[].price.transform_quantity latest_invoice.account_tax_ids
        latest_invoice.application latest_invoice.automatic_tax.disabled_reason
        latest_invoice.automatic_tax.liability latest_invoice.automatic_tax.provider
        latest_invoice.automatic_tax.status latest_invoice.automatically_finalizes_at
        latest_invoice.custom_fields latest_invoice.customer_address latest_invoice.customer_phone
        latest_invoice.customer_shipping latest_invoice.default_payment_method latest_invoice.default_source
        latest_invoice.description latest_invoice.due_date latest_invoice.footer latest_invoice.from_invoice
        latest_invoice.last_finalization_error latest_invoice.latest_revision
        latest_invoice.lines.data[].parent.invoice_item_details
        latest_invoice.lines.data[].parent.subscription_item_details.invoice_item
        latest_invoice.lines.data[].parent.subscription_item_details.proration_details.credited_items
        latest_invoice.next_payment_attempt latest_invoice.on_behalf_of latest_invoice.parent.quote_details
        latest_invoice.payment_settings.default_mandate
        latest_invoice.payment_settings.payment_method_options
        latest_invoice.payment_settings.payment_method_types
        latest_invoice.payments.data[].status_transitions.canceled_at latest_invoice.receipt_number
        latest_invoice.rendering latest_invoice.shipping_cost latest_invoice.shipping_details
        latest_invoice.statement_descriptor latest_invoice.status_transitions.marked_uncollectible_at
        latest_invoice.status_transitions.voided_at latest_invoice.test_clock
        latest_invoice.total_discount_amounts[].discount.checkout_session
        latest_invoice.total_discount_amounts[].discount.end
        latest_invoice.total_discount_amounts[].discount.invoice
        latest_invoice.total_discount_amounts[].discount.invoice_item
        latest_invoice.total_discount_amounts[].discount.promotion_code
        latest_invoice.total_discount_amounts[].discount.subscription_item next_pending_invoice_item_invoice
        on_behalf_of pause_collection payment_settings.payment_method_options
        payment_settings.payment_method_types pending_invoice_item_interval pending_setup_intent
        pending_update plan.meter plan.tiers_mode plan.transform_usage plan.trial_period_days schedule
        test_clock transfer_data trial_end trial_start`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more latest_invoice.attempted
        latest_invoice.auto_advance latest_invoice.automatic_tax.enabled
        latest_invoice.lines.data[].discountable latest_invoice.lines.data[].livemode
        latest_invoice.lines.data[].parent.subscription_item_details.proration latest_invoice.lines.has_more
        latest_invoice.livemode latest_invoice.payments.data[].is_default
        latest_invoice.payments.data[].livemode latest_invoice.payments.has_more livemode plan.active
        plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created discounts[].start items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count latest_invoice.amount_due latest_invoice.amount_overpaid
        latest_invoice.amount_paid latest_invoice.amount_remaining latest_invoice.amount_shipping
        latest_invoice.attempt_count latest_invoice.created latest_invoice.effective_at
        latest_invoice.ending_balance latest_invoice.lines.data[].amount
        latest_invoice.lines.data[].discount_amounts[].amount latest_invoice.lines.data[].period.end
        latest_invoice.lines.data[].period.start latest_invoice.lines.data[].pretax_credit_amounts[].amount
        latest_invoice.lines.data[].quantity latest_invoice.lines.total_count
        latest_invoice.payments.data[].amount_paid latest_invoice.payments.data[].amount_requested
        latest_invoice.payments.data[].created latest_invoice.payments.data[].status_transitions.paid_at
        latest_invoice.period_end latest_invoice.period_start
        latest_invoice.post_payment_credit_notes_amount latest_invoice.pre_payment_credit_notes_amount
        latest_invoice.starting_balance latest_invoice.status_transitions.finalized_at
        latest_invoice.status_transitions.paid_at latest_invoice.subtotal
        latest_invoice.subtotal_excluding_tax latest_invoice.total
        latest_invoice.total_discount_amounts[].amount
        latest_invoice.total_discount_amounts[].discount.start latest_invoice.total_excluding_tax
        latest_invoice.total_pretax_credit_amounts[].amount latest_invoice.webhooks_delivered_at plan.amount
        plan.created plan.interval_count quantity start_date`,
      list: `
        default_tax_rates items.data[].discounts items.data[].tax_rates latest_invoice.customer_tax_ids
        latest_invoice.default_tax_rates latest_invoice.lines.data[].discounts
        latest_invoice.lines.data[].taxes latest_invoice.total_taxes`,
      map: `
        items.data[].metadata items.data[].plan.metadata items.data[].price.metadata
        latest_invoice.lines.data[].metadata latest_invoice.metadata
        latest_invoice.parent.subscription_details.metadata metadata plan.metadata`,
    },
    make: discounted(expanded),
  },
  {
    name: "subscription.pause_collection.2025-10-29.clover",
    shape: {
      string: `
        id object billing_mode.flexible.proration_discounts billing_mode.type collection_method currency
        customer invoice_settings.issuer.type items.object items.data[].id items.data[].object
        items.data[].plan.id items.data[].plan.object items.data[].plan.amount_decimal
        items.data[].plan.billing_scheme items.data[].plan.currency items.data[].plan.interval
        items.data[].plan.nickname items.data[].plan.product items.data[].plan.usage_type
        items.data[].price.id items.data[].price.object items.data[].price.billing_scheme
        items.data[].price.currency items.data[].price.nickname items.data[].price.product
        items.data[].price.recurring.interval items.data[].price.recurring.usage_type
        items.data[].price.tax_behavior items.data[].price.type items.data[].price.unit_amount_decimal
        items.data[].subscription items.url latest_invoice.id latest_invoice.object
        latest_invoice.account_country latest_invoice.account_name latest_invoice.billing_reason
        latest_invoice.collection_method latest_invoice.confirmation_secret.client_secret
        latest_invoice.confirmation_secret.type latest_invoice.currency latest_invoice.customer
        latest_invoice.customer_email latest_invoice.customer_name latest_invoice.customer_tax_exempt
        latest_invoice.hosted_invoice_url latest_invoice.invoice_pdf latest_invoice.issuer.type
        latest_invoice.lines.object latest_invoice.lines.data[].id latest_invoice.lines.data[].object
        latest_invoice.lines.data[].currency latest_invoice.lines.data[].description
        latest_invoice.lines.data[].invoice
        latest_invoice.lines.data[].parent.subscription_item_details.subscription
        latest_invoice.lines.data[].parent.subscription_item_details.subscription_item
        latest_invoice.lines.data[].parent.type latest_invoice.lines.data[].pricing.price_details.price
        latest_invoice.lines.data[].pricing.price_details.product latest_invoice.lines.data[].pricing.type
        latest_invoice.lines.data[].pricing.unit_amount_decimal latest_invoice.lines.url
        latest_invoice.number latest_invoice.parent.subscription_details.subscription
        latest_invoice.parent.type latest_invoice.payments.object latest_invoice.payments.data[].id
        latest_invoice.payments.data[].object latest_invoice.payments.data[].currency
        latest_invoice.payments.data[].invoice latest_invoice.payments.data[].payment.payment_intent
        latest_invoice.payments.data[].payment.type latest_invoice.payments.data[].status
        latest_invoice.payments.url latest_invoice.status pause_collection.behavior
        payment_settings.save_default_payment_method plan.id plan.object plan.amount_decimal
        plan.billing_scheme plan.currency plan.interval plan.nickname plan.product plan.usage_type status
        trial_settings.end_behavior.missing_payment_method`,
      null: `
        application application_fee_percent automatic_tax.disabled_reason automatic_tax.liability
        billing_cycle_anchor_config billing_thresholds cancel_at canceled_at cancellation_details.comment
        cancellation_details.feedback cancellation_details.reason days_until_due default_payment_method
        default_source description ended_at invoice_settings.account_tax_ids items.data[].billing_thresholds
        items.data[].plan.meter items.data[].plan.tiers_mode items.data[].plan.transform_usage
        items.data[].plan.trial_period_days items.data[].price.custom_unit_amount
        items.data[].price.lookup_key items.data[].price.recurring.meter
        items.data[].price.recurring.trial_period_days items.data[].price.tiers_mode
        items.data[].price.transform_quantity latest_invoice.account_tax_ids latest_invoice.application
        latest_invoice.automatic_tax.disabled_reason latest_invoice.automatic_tax.liability
        latest_invoice.automatic_tax.provider latest_invoice.automatic_tax.status
        latest_invoice.automatically_finalizes_at latest_invoice.custom_fields
        latest_invoice.customer_address latest_invoice.customer_phone latest_invoice.customer_shipping
        latest_invoice.default_payment_method latest_invoice.default_source latest_invoice.description
        latest_invoice.due_date latest_invoice.footer latest_invoice.from_invoice
        latest_invoice.last_finalization_error latest_invoice.latest_revision
        latest_invoice.lines.data[].parent.invoice_item_details
        latest_invoice.lines.data[].parent.subscription_item_details.invoice_item
        latest_invoice.lines.data[].parent.subscription_item_details.proration_details.credited_items
        latest_invoice.next_payment_attempt latest_invoice.on_behalf_of latest_invoice.parent.quote_details
        latest_invoice.payment_settings.default_mandate
        latest_invoice.payment_settings.payment_method_options
        latest_invoice.payment_settings.payment_method_types
        latest_invoice.payments.data[].status_transitions.canceled_at latest_invoice.receipt_number
        latest_invoice.rendering latest_invoice.shipping_cost latest_invoice.shipping_details
        latest_invoice.statement_descriptor latest_invoice.status_transitions.marked_uncollectible_at
        latest_invoice.status_transitions.voided_at latest_invoice.test_clock
        next_pending_invoice_item_invoice on_behalf_of payment_settings.payment_method_options
        payment_settings.payment_method_types pending_invoice_item_interval pending_setup_intent
        pending_update plan.meter plan.tiers_mode plan.transform_usage plan.trial_period_days schedule
        test_clock transfer_data trial_end trial_start`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more latest_invoice.attempted
        latest_invoice.auto_advance latest_invoice.automatic_tax.enabled
        latest_invoice.lines.data[].discountable latest_invoice.lines.data[].livemode
        latest_invoice.lines.data[].parent.subscription_item_details.proration latest_invoice.lines.has_more
        latest_invoice.livemode latest_invoice.payments.data[].is_default
        latest_invoice.payments.data[].livemode latest_invoice.payments.has_more livemode plan.active
        plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count latest_invoice.amount_due latest_invoice.amount_overpaid
        latest_invoice.amount_paid latest_invoice.amount_remaining latest_invoice.amount_shipping
        latest_invoice.attempt_count latest_invoice.created latest_invoice.effective_at
        latest_invoice.ending_balance latest_invoice.lines.data[].amount
        latest_invoice.lines.data[].period.end latest_invoice.lines.data[].period.start
        latest_invoice.lines.data[].quantity latest_invoice.lines.total_count
        latest_invoice.payments.data[].amount_paid latest_invoice.payments.data[].amount_requested
        latest_invoice.payments.data[].created latest_invoice.payments.data[].status_transitions.paid_at
        latest_invoice.period_end latest_invoice.period_start
        latest_invoice.post_payment_credit_notes_amount latest_invoice.pre_payment_credit_notes_amount
        latest_invoice.starting_balance latest_invoice.status_transitions.finalized_at
        latest_invoice.status_transitions.paid_at latest_invoice.subtotal
        latest_invoice.subtotal_excluding_tax latest_invoice.total latest_invoice.total_excluding_tax
        latest_invoice.webhooks_delivered_at pause_collection.resumes_at plan.amount plan.created
        plan.interval_count quantity start_date`,
      list: `
        default_tax_rates discounts items.data[].discounts items.data[].tax_rates
        latest_invoice.customer_tax_ids latest_invoice.default_tax_rates latest_invoice.discounts
        latest_invoice.lines.data[].discount_amounts latest_invoice.lines.data[].discounts
        latest_invoice.lines.data[].pretax_credit_amounts latest_invoice.lines.data[].taxes
        latest_invoice.total_discount_amounts latest_invoice.total_pretax_credit_amounts
        latest_invoice.total_taxes`,
      map: `
        items.data[].metadata items.data[].plan.metadata items.data[].price.metadata
        latest_invoice.lines.data[].metadata latest_invoice.metadata
        latest_invoice.parent.subscription_details.metadata metadata plan.metadata`,
    },
    make: then(subscribed("", named), "POST", "", `pause_collection[behavior]=void&${resumes}${expanded}`),
  },
  {
    name: "subscription.canceled.2025-10-29.clover",
    shape: {
      string: `
        id object billing_mode.flexible.proration_discounts billing_mode.type cancellation_details.reason
        collection_method currency customer invoice_settings.issuer.type items.object items.data[].id
        items.data[].object items.data[].plan.id items.data[].plan.object items.data[].plan.amount_decimal
        items.data[].plan.billing_scheme items.data[].plan.currency items.data[].plan.interval
        items.data[].plan.nickname items.data[].plan.product items.data[].plan.usage_type
        items.data[].price.id items.data[].price.object items.data[].price.billing_scheme
        items.data[].price.currency items.data[].price.nickname items.data[].price.product
        items.data[].price.recurring.interval items.data[].price.recurring.usage_type
        items.data[].price.tax_behavior items.data[].price.type items.data[].price.unit_amount_decimal
        items.data[].subscription items.url latest_invoice.id latest_invoice.object
        latest_invoice.account_country latest_invoice.account_name latest_invoice.billing_reason
        latest_invoice.collection_method latest_invoice.confirmation_secret.client_secret
        latest_invoice.confirmation_secret.type latest_invoice.currency latest_invoice.customer
        latest_invoice.customer_email latest_invoice.customer_name latest_invoice.customer_tax_exempt
        latest_invoice.hosted_invoice_url latest_invoice.invoice_pdf latest_invoice.issuer.type
        latest_invoice.lines.object latest_invoice.lines.data[].id latest_invoice.lines.data[].object
        latest_invoice.lines.data[].currency latest_invoice.lines.data[].description
        latest_invoice.lines.data[].invoice
        latest_invoice.lines.data[].parent.subscription_item_details.subscription
        latest_invoice.lines.data[].parent.subscription_item_details.subscription_item
        latest_invoice.lines.data[].parent.type latest_invoice.lines.data[].pricing.price_details.price
        latest_invoice.lines.data[].pricing.price_details.product latest_invoice.lines.data[].pricing.type
        latest_invoice.lines.data[].pricing.unit_amount_decimal latest_invoice.lines.url
        latest_invoice.number latest_invoice.parent.subscription_details.subscription
        latest_invoice.parent.type latest_invoice.payments.object latest_invoice.payments.data[].id
        latest_invoice.payments.data[].object latest_invoice.payments.data[].currency
        latest_invoice.payments.data[].invoice latest_invoice.payments.data[].payment.payment_intent
        latest_invoice.payments.data[].payment.type latest_invoice.payments.data[].status
        latest_invoice.payments.url latest_invoice.status payment_settings.save_default_payment_method
        plan.id plan.object plan.amount_decimal plan.billing_scheme plan.currency plan.interval
        plan.nickname plan.product plan.usage_type status trial_settings.end_behavior.missing_payment_method`,
      null: `
        application application_fee_percent automatic_tax.disabled_reason automatic_tax.liability
        billing_cycle_anchor_config billing_thresholds cancel_at cancellation_details.comment
        cancellation_details.feedback days_until_due default_payment_method default_source description
        invoice_settings.account_tax_ids items.data[].billing_thresholds items.data[].plan.meter
        items.data[].plan.tiers_mode items.data[].plan.transform_usage items.data[].plan.trial_period_days
        items.data[].price.custom_unit_amount items.data[].price.lookup_key
        items.data[].price.recurring.meter items.data[].price.recurring.trial_period_days
        items.data[].price.tiers_mode items.data[].price.transform_quantity latest_invoice.account_tax_ids
        latest_invoice.application latest_invoice.automatic_tax.disabled_reason
        latest_invoice.automatic_tax.liability latest_invoice.automatic_tax.provider
        latest_invoice.automatic_tax.status latest_invoice.automatically_finalizes_at
        latest_invoice.custom_fields latest_invoice.customer_address latest_invoice.customer_phone
        latest_invoice.customer_shipping latest_invoice.default_payment_method latest_invoice.default_source
        latest_invoice.description latest_invoice.due_date latest_invoice.footer latest_invoice.from_invoice
        latest_invoice.last_finalization_error latest_invoice.latest_revision
        latest_invoice.lines.data[].parent.invoice_item_details
        latest_invoice.lines.data[].parent.subscription_item_details.invoice_item
        latest_invoice.lines.data[].parent.subscription_item_details.proration_details.credited_items
        latest_invoice.next_payment_attempt latest_invoice.on_behalf_of latest_invoice.parent.quote_details
        latest_invoice.payment_settings.default_mandate
        latest_invoice.payment_settings.payment_method_options
        latest_invoice.payment_settings.payment_method_types
        latest_invoice.payments.data[].status_transitions.canceled_at latest_invoice.receipt_number
        latest_invoice.rendering latest_invoice.shipping_cost latest_invoice.shipping_details
        latest_invoice.statement_descriptor latest_invoice.status_transitions.marked_uncollectible_at
        latest_invoice.status_transitions.voided_at latest_invoice.test_clock
        next_pending_invoice_item_invoice on_behalf_of pause_collection
        payment_settings.payment_method_options payment_settings.payment_method_types
        pending_invoice_item_interval pending_setup_intent pending_update plan.meter plan.tiers_mode
        plan.transform_usage plan.trial_period_days schedule test_clock transfer_data trial_end trial_start`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more latest_invoice.attempted
        latest_invoice.auto_advance latest_invoice.automatic_tax.enabled
        latest_invoice.lines.data[].discountable latest_invoice.lines.data[].livemode
        latest_invoice.lines.data[].parent.subscription_item_details.proration latest_invoice.lines.has_more
        latest_invoice.livemode latest_invoice.payments.data[].is_default
        latest_invoice.payments.data[].livemode latest_invoice.payments.has_more livemode plan.active
        plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at canceled_at created ended_at items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count latest_invoice.amount_due latest_invoice.amount_overpaid
        latest_invoice.amount_paid latest_invoice.amount_remaining latest_invoice.amount_shipping
        latest_invoice.attempt_count latest_invoice.created latest_invoice.effective_at
        latest_invoice.ending_balance latest_invoice.lines.data[].amount
        latest_invoice.lines.data[].period.end latest_invoice.lines.data[].period.start
        latest_invoice.lines.data[].quantity latest_invoice.lines.total_count
        latest_invoice.payments.data[].amount_paid latest_invoice.payments.data[].amount_requested
        latest_invoice.payments.data[].created latest_invoice.payments.data[].status_transitions.paid_at
        latest_invoice.period_end latest_invoice.period_start
        latest_invoice.post_payment_credit_notes_amount latest_invoice.pre_payment_credit_notes_amount
        latest_invoice.starting_balance latest_invoice.status_transitions.finalized_at
        latest_invoice.status_transitions.paid_at latest_invoice.subtotal
        latest_invoice.subtotal_excluding_tax latest_invoice.total latest_invoice.total_excluding_tax
        latest_invoice.webhooks_delivered_at plan.amount plan.created plan.interval_count quantity
        start_date`,
      list: `
        default_tax_rates discounts items.data[].discounts items.data[].tax_rates
        latest_invoice.customer_tax_ids latest_invoice.default_tax_rates latest_invoice.discounts
        latest_invoice.lines.data[].discount_amounts latest_invoice.lines.data[].discounts
        latest_invoice.lines.data[].pretax_credit_amounts latest_invoice.lines.data[].taxes
        latest_invoice.total_discount_amounts latest_invoice.total_pretax_credit_amounts
        latest_invoice.total_taxes`,
      map: `
        items.data[].metadata items.data[].plan.metadata items.data[].price.metadata
        latest_invoice.lines.data[].metadata latest_invoice.metadata
        latest_invoice.parent.subscription_details.metadata metadata plan.metadata`,
    },
    make: then(subscribed("", named), "DELETE", "", expanded),
  },
  {
    name: "subscription.canceled.masked-2026-05",
    shape: {
      string: `
        id object billing_mode.flexible.proration_discounts billing_mode.type cancellation_details.reason
        collection_method currency customer invoice_settings.issuer.type items.object items.data[].id
        items.data[].object items.data[].plan.id items.data[].plan.object items.data[].plan.amount_decimal
        items.data[].plan.billing_scheme items.data[].plan.currency items.data[].plan.interval
        items.data[].plan.product items.data[].plan.usage_type items.data[].price.id
        items.data[].price.object items.data[].price.billing_scheme items.data[].price.currency
        items.data[].price.product items.data[].price.recurring.interval
        items.data[].price.recurring.usage_type items.data[].price.tax_behavior items.data[].price.type
        items.data[].price.unit_amount_decimal items.data[].subscription items.url latest_invoice
        payment_settings.save_default_payment_method plan.id plan.object plan.amount_decimal
        plan.billing_scheme plan.currency plan.interval plan.product plan.usage_type status
        trial_settings.end_behavior.missing_payment_method`,
      null: `
        application application_fee_percent automatic_tax.disabled_reason automatic_tax.liability
        billing_cycle_anchor_config billing_thresholds cancel_at cancellation_details.comment
        cancellation_details.feedback customer_account days_until_due default_payment_method default_source
        description invoice_settings.account_tax_ids items.data[].billing_thresholds items.data[].plan.meter
        items.data[].plan.nickname items.data[].plan.tiers_mode items.data[].plan.transform_usage
        items.data[].plan.trial_period_days items.data[].price.custom_unit_amount
        items.data[].price.lookup_key items.data[].price.nickname items.data[].price.recurring.meter
        items.data[].price.recurring.trial_period_days items.data[].price.tiers_mode
        items.data[].price.transform_quantity next_pending_invoice_item_invoice on_behalf_of
        pause_collection payment_settings.payment_method_options payment_settings.payment_method_types
        pending_invoice_item_interval pending_setup_intent pending_update plan.meter plan.nickname
        plan.tiers_mode plan.transform_usage plan.trial_period_days schedule test_clock transfer_data
        trial_end trial_start`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more livemode
        managed_payments.enabled plan.active plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at canceled_at created ended_at items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count plan.amount plan.created plan.interval_count quantity start_date`,
      list: "default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: then(subscribed(), "DELETE"),
  },
];
