// Subscriptions and what they are billed by, as Stripe was recorded.
import type { RealBody } from "./shape.ts";
import { asked, invoiceOf, subscribed, then } from "./subscribe.ts";

const trial = "&trial_period_days=30";
const pausing = `${trial}&trial_settings[end_behavior][missing_payment_method]=pause`;

export const subscriptionBodies: readonly RealBody[] = [
  {
    name: "subscription.active_minimal.2026-08-26.dahlia",
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
    make: subscribed(),
  },
  {
    name: "subscription.cancel_at_period_end.2026-08-26.dahlia",
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
        trial_settings.end_behavior.billing_cycle_anchor trial_settings.end_behavior.missing_payment_method`,
      null: `
        application application_fee_percent automatic_tax.disabled_reason automatic_tax.liability
        billing_cycle_anchor_config billing_thresholds cancellation_details.comment
        cancellation_details.feedback cancellation_details.feedback_option customer_account days_until_due
        default_payment_method default_source description ended_at invoice_settings.account_tax_ids
        invoice_settings.custom_fields invoice_settings.description invoice_settings.footer
        items.data[].billing_thresholds items.data[].current_trial items.data[].plan.meter
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
        billing_cycle_anchor billing_mode.updated_at cancel_at canceled_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count plan.amount plan.created plan.interval_count quantity start_date`,
      list: "billing_schedules default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: then(subscribed(), "POST", "", "cancel_at_period_end=true"),
  },
  {
    name: "subscription.canceled.2026-08-26.dahlia",
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
        trial_settings.end_behavior.billing_cycle_anchor trial_settings.end_behavior.missing_payment_method`,
      null: `
        application application_fee_percent automatic_tax.disabled_reason automatic_tax.liability
        billing_cycle_anchor_config billing_thresholds cancel_at cancellation_details.comment
        cancellation_details.feedback cancellation_details.feedback_option customer_account days_until_due
        default_payment_method default_source description invoice_settings.account_tax_ids
        invoice_settings.custom_fields invoice_settings.description invoice_settings.footer
        items.data[].billing_thresholds items.data[].current_trial items.data[].plan.meter
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
      list: "billing_schedules default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: then(subscribed(), "DELETE"),
  },
  {
    name: "subscription.incomplete_3ds.2026-08-26.dahlia",
    shape: {
      string: `
        id object billing_mode.flexible.proration_discounts billing_mode.type collection_method currency
        customer default_payment_method invoice_settings.issuer.type items.object items.data[].id
        items.data[].object items.data[].plan.id items.data[].plan.object items.data[].plan.amount_decimal
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
        customer_account days_until_due default_source description ended_at invoice_settings.account_tax_ids
        invoice_settings.custom_fields invoice_settings.description invoice_settings.footer
        items.data[].billing_thresholds items.data[].current_trial items.data[].plan.meter
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
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count plan.amount plan.created plan.interval_count quantity start_date`,
      list: "billing_schedules default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: subscribed(asked, { card: "pm_card_threeDSecure2Required" }),
  },
  {
    name: "subscription.send_invoice_active.2026-08-26.dahlia",
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
        customer_account default_payment_method default_source description ended_at
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
        billing_cycle_anchor billing_mode.updated_at created days_until_due items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count plan.amount plan.created plan.interval_count quantity start_date`,
      list: "billing_schedules default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: subscribed("&collection_method=send_invoice&days_until_due=30", { card: null }),
  },
  {
    name: "subscription.trialing.2026-08-26.dahlia",
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
        plan.tiers_mode plan.transform_usage plan.trial_period_days schedule test_clock transfer_data`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more livemode
        managed_payments.enabled plan.active plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count plan.amount plan.created plan.interval_count quantity start_date trial_end
        trial_start`,
      list: "billing_schedules default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: subscribed(trial),
  },
  {
    name: "subscription.trialing_no_payment_method.2026-08-26.dahlia",
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
        payment_settings.save_default_payment_method pending_setup_intent plan.id plan.object
        plan.amount_decimal plan.billing_scheme plan.currency plan.interval plan.product plan.usage_type
        status trial_settings.end_behavior.billing_cycle_anchor
        trial_settings.end_behavior.missing_payment_method`,
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
        pending_invoice_item_interval pending_update plan.meter plan.nickname plan.tiers_mode
        plan.transform_usage plan.trial_period_days schedule test_clock transfer_data`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more livemode
        managed_payments.enabled plan.active plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count plan.amount plan.created plan.interval_count quantity start_date trial_end
        trial_start`,
      list: "billing_schedules default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: subscribed(pausing, { card: null }),
  },
  {
    name: "subscription.trial_ended_now_active.2026-08-26.dahlia",
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
        plan.tiers_mode plan.transform_usage plan.trial_period_days schedule test_clock transfer_data`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more livemode
        managed_payments.enabled plan.active plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count plan.amount plan.created plan.interval_count quantity start_date trial_end
        trial_start`,
      list: "billing_schedules default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: then(subscribed(trial), "POST", "", "trial_end=now"),
  },
  {
    name: "subscription.paused_after_trial.2026-08-26.dahlia",
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
        payment_settings.save_default_payment_method pending_setup_intent plan.id plan.object
        plan.amount_decimal plan.billing_scheme plan.currency plan.interval plan.product plan.usage_type
        status trial_settings.end_behavior.billing_cycle_anchor
        trial_settings.end_behavior.missing_payment_method`,
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
        pending_invoice_item_interval pending_update plan.meter plan.nickname plan.tiers_mode
        plan.transform_usage plan.trial_period_days schedule test_clock transfer_data`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more livemode
        managed_payments.enabled plan.active plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count plan.amount plan.created plan.interval_count quantity start_date trial_end
        trial_start`,
      list: "billing_schedules default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: then(subscribed(pausing, { card: null }), "POST", "", "trial_end=now"),
  },
  {
    name: "subscription.paused_resume_pending.2026-08-26.dahlia",
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
        payment_settings.save_default_payment_method pending_setup_intent plan.id plan.object
        plan.amount_decimal plan.billing_scheme plan.currency plan.interval plan.product plan.usage_type
        status trial_settings.end_behavior.billing_cycle_anchor
        trial_settings.end_behavior.missing_payment_method`,
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
        pending_invoice_item_interval pending_update.billing_cycle_anchor
        pending_update.cancel_at_period_end pending_update.discount pending_update.discounts
        pending_update.metadata pending_update.subscription_items pending_update.trial_end
        pending_update.trial_from_plan plan.meter plan.nickname plan.tiers_mode plan.transform_usage
        plan.trial_period_days schedule test_clock transfer_data`,
      boolean: `
        automatic_tax.enabled cancel_at_period_end items.data[].plan.active items.data[].plan.livemode
        items.data[].price.active items.data[].price.livemode items.has_more livemode
        managed_payments.enabled plan.active plan.livemode`,
      number: `
        billing_cycle_anchor billing_mode.updated_at created items.data[].created
        items.data[].current_period_end items.data[].current_period_start items.data[].plan.amount
        items.data[].plan.created items.data[].plan.interval_count items.data[].price.created
        items.data[].price.recurring.interval_count items.data[].price.unit_amount items.data[].quantity
        items.total_count pending_update.expires_at plan.amount plan.created plan.interval_count quantity
        start_date trial_end trial_start`,
      list: "billing_schedules default_tax_rates discounts items.data[].discounts items.data[].tax_rates",
      map: "items.data[].metadata items.data[].plan.metadata items.data[].price.metadata metadata plan.metadata",
    },
    make: then(then(subscribed(pausing, { card: null }), "POST", "", "trial_end=now"), "POST", "/resume"),
  },
  {
    name: "invoice.subscription_create_paid.2026-08-26.dahlia",
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
    make: invoiceOf(subscribed()),
  },
];
