// What an operator sees and can put right: events received, operations, facts on their way, flags.
import type { Billing } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { createDeliveries } from "./deliveries.ts";
import { createFlags } from "./flags.ts";
import { createOperationsDesk } from "./operations.ts";
import { createReceipts } from "./receipts.ts";

export function createRepair(core: BillingCore): Pick<Billing, "inbox" | "operations" | "deliveries" | "flags"> {
  return {
    inbox: createReceipts(core),
    operations: createOperationsDesk(core),
    deliveries: createDeliveries(core),
    flags: createFlags(core),
  };
}
