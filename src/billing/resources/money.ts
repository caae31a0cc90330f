// The schema of an amount with its currency, as facts carry it.
import { z } from "zod";

export const money = z
  .strictObject({ amount: z.int().describe("Minor units of the currency"), currency: z.string() })
  .readonly();
