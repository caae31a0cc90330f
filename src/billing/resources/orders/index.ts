export { createOrders, type OpenLink, paymentSecret } from "./commands.ts";
export { ordersManifest } from "./manifest.ts";
export { readOrder } from "./read.ts";
export type { OrderRow } from "./tables.ts";
