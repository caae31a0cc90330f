// The plays of `bursar calibrate`, in their order.
import { catalogPlays } from "./catalog.table.ts";
import { invoicePlays } from "./invoices.table.ts";
import { misfitPlays } from "./misfits.table.ts";
import { paymentPlays } from "./payments.table.ts";
import type { Play } from "./play.ts";

export const plays: readonly Play[] = [...paymentPlays, ...catalogPlays, ...invoicePlays, ...misfitPlays];
