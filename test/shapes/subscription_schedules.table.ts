// Schedules of subscriptions, as Stripe was recorded and as its documentation prints them.
import type { Maker, RealBody } from "./shape.ts";

async function payable({ call }: Maker) {
  const { id: customer } = await call("POST", "/v1/customers", "email=a@example.com&source=tok_visa");
  const { id: product } = await call("POST", "/v1/products", "name=Example monthly");
  const priced = `product=${product}&currency=usd&unit_amount=1000&recurring[interval]=month`;
  const { id: price } = await call("POST", "/v1/prices", priced);
  return {
    customer,
    item: (nth: number) => `phases[${nth}][items][0][price]=${price}&phases[${nth}][items][0][quantity]=1`,
  };
}

export const scheduleBodies: readonly RealBody[] = [
  {
    name: "subscription_schedule.canceled_not_started.docs-sample-2026-04",
    shape: {
      string: `
        id object customer default_settings.billing_cycle_anchor default_settings.collection_method
        default_settings.invoice_settings.issuer.type end_behavior phases[].currency phases[].items[].plan
        phases[].items[].price phases[].proration_behavior status`,
      null: `
        application completed_at current_phase default_settings.application_fee_percent
        default_settings.automatic_tax.liability default_settings.default_payment_method
        default_settings.default_source default_settings.description default_settings.on_behalf_of
        default_settings.transfer_data phases[].application_fee_percent phases[].billing_cycle_anchor
        phases[].collection_method phases[].default_payment_method phases[].description phases[].discounts
        phases[].invoice_settings phases[].on_behalf_of phases[].transfer_data phases[].trial_end
        released_at released_subscription renewal_interval subscription test_clock`,
      number: "canceled_at created phases[].end_date phases[].items[].quantity phases[].start_date",
      boolean: "default_settings.automatic_tax.enabled livemode",
      map: "metadata phases[].items[].metadata phases[].metadata",
      list: "phases[].add_invoice_items phases[].default_tax_rates phases[].items[].tax_rates",
    },
    make: async (maker) => {
      const { customer, item } = await payable(maker);
      const form = `customer=${customer}&start_date=1900000000&${item(0)}`;
      const { id } = await maker.call("POST", "/v1/subscription_schedules", form);
      return maker.call("POST", `/v1/subscription_schedules/${id}/cancel`);
    },
  },
  {
    name: "subscription_schedule.released.2020-03-02",
    shape: {
      string: `
        id object customer default_settings.billing_cycle_anchor default_settings.collection_method
        end_behavior phases[].currency phases[].items[].price phases[].proration_behavior
        released_subscription status`,
      null: `
        application canceled_at completed_at current_phase default_settings.application_fee_percent
        default_settings.billing_thresholds default_settings.default_payment_method
        default_settings.description default_settings.invoice_settings.days_until_due
        default_settings.on_behalf_of default_settings.transfer_data phases[].application_fee_percent
        phases[].billing_thresholds phases[].coupon phases[].default_payment_method phases[].description
        phases[].invoice_settings phases[].items[].billing_thresholds phases[].on_behalf_of
        phases[].transfer_data phases[].trial_end subscription test_clock`,
      number: "created phases[].end_date phases[].items[].quantity phases[].start_date released_at",
      boolean: "default_settings.automatic_tax.enabled livemode phases[].automatic_tax.enabled",
      map: "metadata phases[].items[].metadata phases[].metadata",
      list: "phases[].add_invoice_items phases[].default_tax_rates phases[].items[].tax_rates",
      "null | string": "phases[].billing_cycle_anchor phases[].collection_method",
    },
    make: async (maker) => {
      const { customer, item } = await payable(maker);
      const anchored = "phases[1][billing_cycle_anchor]=phase_start&phases[1][collection_method]=charge_automatically";
      const form = `customer=${customer}&start_date=now&${item(0)}&phases[0][automatic_tax][enabled]=false&${item(1)}`;
      await maker.call("POST", "/v1/subscription_schedules", `${form}&${anchored}`);
      await maker.clock.advance(62 * 86_400_000);
      const { data } = await maker.call("GET", "/v1/subscription_schedules");
      return (data as unknown[])[0];
    },
  },
];
