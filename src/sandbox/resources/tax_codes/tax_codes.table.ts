// Tax codes by name, in the order in which Stripe lists them: the four general ones, what is sold online, and shipping.
// The names are Stripe's, and so is what the general ones are for; what the others are for stands here in short.
// https://docs.stripe.com/tax/tax-codes
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

const personal = "For personal use, not for use by a commercial enterprise.";
const business = "For use by a commercial enterprise.";
const saas = "Software that is used over the internet, not made for one buyer, of which nothing is downloaded.";
const download = "Prewritten software that the buyer downloads.";

const code = (name: string, description: string) =>
  usual(`the tax code of: ${name}`, { name, description }, "documented");

export const taxCodeRows = {
  txcd_99999999: code(
    "General - Tangible Goods",
    "Any tangible or physical good. For jurisdictions that impose a tax, the standard rate is applied.",
  ),
  txcd_20030000: code(
    "General - Services",
    "Miscellaneous services. This code will only treat services as taxable if the jurisdiction taxes services " +
      "generally.",
  ),
  txcd_10000000: code("General - Electronically Supplied Services", "Any electronically supplied good or service."),
  txcd_00000000: code(
    "Nontaxable",
    "Any nontaxable good or service which can be used to ensure no tax is applied, even for jurisdictions that " +
      "impose a tax.",
  ),
  txcd_10010001: code("Infrastructure as a service (IaaS) - personal use", `Servers over the internet. ${personal}`),
  txcd_10101000: code("Infrastructure as a service (IaaS) - business use", `Servers over the internet. ${business}`),
  txcd_10102000: code("Platform as a service (PaaS) - business use", `A platform for applications. ${business}`),
  txcd_10102001: code("Platform as a Service (PaaS) - personal use", `A platform for applications. ${personal}`),
  txcd_10103000: code("Software as a service (SaaS) - personal use", `${saas} ${personal}`),
  txcd_10103001: code("Software as a service (SaaS) - business use", `${saas} ${business}`),
  txcd_10201000: code("Downloadable games", "Prewritten software for amusement that the buyer downloads."),
  txcd_10202000: code("Downloadable software - personal use", `${download} ${personal}`),
  txcd_10202003: code("Downloadable software - business use", `${download} ${business}`),
  txcd_10301000: code("Audiobook", "A book that is read aloud, with unlimited usage."),
  txcd_10302000: code("e-book", "An electronic book sold with unlimited usage."),
  txcd_10303000: code(
    "Digital magazine -- subscription",
    "A magazine that is delivered electronically, again and again.",
  ),
  txcd_10304100: code(
    "Digital newspaper -- subscription",
    "A newspaper that is delivered electronically, again and again.",
  ),
  txcd_10401200: code(
    "Digital audio streaming -- subscription",
    "Audio that can be heard as long as a subscription runs.",
  ),
  txcd_10402200: code(
    "Digital video streaming -- subscription",
    "Video that can be seen as long as a subscription runs.",
  ),
  txcd_10502000: code("Gift card", "A gift card that is bought and received electronically."),
  txcd_10701100: code("Website hosting", "A service to enable a customer's website to be accessible on the internet."),
  txcd_92010001: code("Shipping", "What it costs to send goods to whoever buys them."),
} satisfies Defaults;
