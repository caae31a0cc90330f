// A customer session lets a page show a customer's saved methods for half an hour. Nothing refers to it again, so it is
// answered and not kept. https://docs.stripe.com/api/customer_sessions
import type Stripe from "stripe";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustReadParam } from "../../kernel/state/writes.ts";
import { missingParameter } from "../../kernel/words/errors.ts";
import { boolean, hash, text } from "../../kernel/words/params.ts";
import { customers } from "./customer.ts";
import { customerDefaults } from "./defaults.table.ts";

type Components = NonNullable<Stripe.CustomerSession["components"]>;

const lifeSeconds = customerDefaults.sessionSeconds.value;

export function createCustomerSession(unit: Unit, params: Params): Stripe.CustomerSession {
  const id = text(params, "customer");
  if (!id) throw missingParameter("customer");
  const customer = mustReadParam(unit, customers, id, "customer");
  const sent = hash(params, "components");
  if (!sent) throw missingParameter("components");
  return {
    object: "customer_session",
    client_secret: unit.world.ids.after("cuss_secret_", 48),
    components: componentsOf(sent),
    created: unit.created,
    customer: customer.id,
    customer_account: null,
    expires_at: unit.created + lifeSeconds,
    livemode: false,
  };
}

function componentsOf(sent: Params): Components {
  const isOn = (name: string) => boolean(hash(sent, name) ?? {}, "enabled") ?? false;
  const featuresOf = <F extends object>(name: string, defaults: F): F | null =>
    isOn(name) ? { ...defaults, ...hash(hash(sent, name) ?? {}, "features") } : null;
  return {
    active_entitlements: { enabled: isOn("active_entitlements") },
    buy_button: { enabled: isOn("buy_button") },
    customer_portal: { enabled: isOn("customer_portal") },
    customer_sheet: { enabled: isOn("customer_sheet"), features: featuresOf("customer_sheet", sheetFeatures) },
    mobile_payment_element: {
      enabled: isOn("mobile_payment_element"),
      features: featuresOf("mobile_payment_element", mobileFeatures),
    },
    payment_element: { enabled: isOn("payment_element"), features: featuresOf("payment_element", elementFeatures) },
    pricing_table: { enabled: isOn("pricing_table") },
  } as Components;
}

const sheetFeatures = { payment_method_allow_redisplay_filters: ["always"], payment_method_remove: "enabled" };

const mobileFeatures = {
  payment_method_allow_redisplay_filters: ["always"],
  payment_method_redisplay: "disabled",
  payment_method_remove: "disabled",
  payment_method_save: "disabled",
  payment_method_save_allow_redisplay_override: null,
};

const elementFeatures = {
  payment_method_allow_redisplay_filters: ["always"],
  payment_method_redisplay: "disabled",
  payment_method_redisplay_limit: 3,
  payment_method_remove: "disabled",
  payment_method_save: "disabled",
  payment_method_save_usage: null,
};
