// The real bodies that the sandbox comes to.
import { billedBodies } from "./billed.table.ts";
import { changeBodies } from "./changes.table.ts";
import { couponBodies } from "./coupons.table.ts";
import { creditNoteBodies } from "./credit_notes.table.ts";
import { customerBodies } from "./customers.table.ts";
import { entitlementBodies } from "./entitlements.table.ts";
import { expandedBodies } from "./expanded.table.ts";
import { invoiceItemBodies } from "./invoiceitems.table.ts";
import { invoiceBodies } from "./invoices.table.ts";
import { priceBodies } from "./prices.table.ts";
import { productBodies } from "./products.table.ts";
import { promotionCodeBodies } from "./promotion_codes.table.ts";
import { refundBodies } from "./refunds.table.ts";
import type { RealBody } from "./shape.ts";
import { scheduleBodies } from "./subscription_schedules.table.ts";
import { subscriptionBodies } from "./subscriptions.table.ts";
import { taxIdBodies } from "./tax_ids.table.ts";
import { taxRateBodies } from "./tax_rates.table.ts";
import { testClockBodies } from "./test_clocks.table.ts";

export const realBodies: readonly RealBody[] = [
  ...customerBodies,
  ...refundBodies,
  ...productBodies,
  ...priceBodies,
  ...couponBodies,
  ...taxRateBodies,
  ...invoiceItemBodies,
  ...invoiceBodies,
  ...changeBodies,
  ...creditNoteBodies,
  ...promotionCodeBodies,
  ...subscriptionBodies,
  ...scheduleBodies,
  ...expandedBodies,
  ...billedBodies,
  ...testClockBodies,
  ...entitlementBodies,
  ...taxIdBodies,
];
