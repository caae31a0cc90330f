// What a product has at most. https://docs.stripe.com/api/products/create
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const productDefaults = {
  images: usual("images of a product", 8, "documented"),
  marketingFeatures: usual("marketing features of a product", 15, "documented"),
} satisfies Defaults;
