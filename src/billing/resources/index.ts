// The resources, bottom to top. A resource calls those below it; news goes up as reactions.
import type { Manifest } from "../kernel/contract/manifest.ts";
import { customersManifest } from "./customers/index.ts";
import { ordersManifest } from "./orders/index.ts";
import { paymentsManifest } from "./payments/index.ts";
import { refundsManifest } from "./refunds/index.ts";

export const manifests: readonly Manifest[] = [customersManifest, paymentsManifest, ordersManifest, refundsManifest];
