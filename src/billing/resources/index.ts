// The resources, bottom to top. A resource calls those below it; news goes up as reactions.
import type { Fact, Facts, FactType } from "../api/index.ts";
import type { FactKind } from "../kernel/contract/facts.ts";
import type { Manifest } from "../kernel/contract/manifest.ts";
import { accessFacts } from "./access/facts.table.ts";
import { accessManifest } from "./access/index.ts";
import { catalogManifest } from "./catalog/index.ts";
import { customersFacts } from "./customers/facts.table.ts";
import { customersManifest } from "./customers/index.ts";
import { disputesManifest } from "./disputes/index.ts";
import { importsManifest } from "./imports/index.ts";
import { invoicesFacts } from "./invoices/facts.table.ts";
import { invoicesManifest } from "./invoices/index.ts";
import { methodsFacts } from "./methods/facts.table.ts";
import { methodsManifest } from "./methods/index.ts";
import { ordersFacts } from "./orders/facts.table.ts";
import { ordersManifest } from "./orders/index.ts";
import { paymentsManifest } from "./payments/index.ts";
import { refundsFacts } from "./refunds/facts.table.ts";
import { refundsManifest } from "./refunds/index.ts";
import { subscriptionsFacts } from "./subscriptions/facts.table.ts";
import { subscriptionsManifest } from "./subscriptions/index.ts";
import { testClocksManifest } from "./test_clocks/index.ts";
import { unclaimedManifest } from "./unclaimed/index.ts";

// The names alone would vanish from the package's declarations, and with them what the rooms merge into Facts.
import "./access/facts.table.ts";
import "./customers/facts.table.ts";
import "./invoices/facts.table.ts";
import "./methods/facts.table.ts";
import "./orders/facts.table.ts";
import "./refunds/facts.table.ts";
import "./subscriptions/facts.table.ts";

export const manifests: readonly Manifest[] = [
  catalogManifest,
  testClocksManifest,
  customersManifest,
  methodsManifest,
  paymentsManifest,
  invoicesManifest,
  ordersManifest,
  refundsManifest,
  disputesManifest,
  subscriptionsManifest,
  accessManifest,
  importsManifest,
  unclaimedManifest,
];

/** Every fact there is. Does not compile while a room's are missing. */
export const facts: { readonly [Type in FactType]: FactKind<Facts[Type]> } = {
  ...accessFacts,
  ...customersFacts,
  ...invoicesFacts,
  ...methodsFacts,
  ...ordersFacts,
  ...refundsFacts,
  ...subscriptionsFacts,
};

/**
 * The names of all facts.
 * @example factTypes.includes("order.paid") // true
 */
export const factTypes = Object.keys(facts) as readonly FactType[];

/**
 * The id of what the fact happened to: of a refund's fact the refund, not its order.
 * @example subjectOf({ type: "order.canceled", data: { orderId: "order_9001" } }) // "order_9001"
 */
export function subjectOf({ type, data }: Fact): string {
  return String(data[facts[type].subject as keyof typeof data]);
}
