// A story: an invoice was for too much, before and after it is paid.
import type { Story } from "../stage/stage.ts";

export const creditNote: Story = {
  name: "credit_note",
  room: "bills",
  title: "A credit note with a refund",
  proves:
    "What was invoiced is what was credited, paid and given back: a note on an open invoice lowers what is asked " +
    "for, one on a paid invoice says how the money goes back, and none is for more than is left.",
  seed: 15,
  async play({ advance, say, stripe }) {
    say("Ada is billed ten hours and a fee, with 20 % VAT on top.");
    const { id: customer } = await stripe.customers.create({ email: "ada@example.com", name: "Ada" });
    const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
    await advance("1 minute");
    const { id: vat } = await stripe.taxRates.create({ display_name: "VAT", percentage: 20, inclusive: false });
    const { id: invoice } = await stripe.invoices.create({ customer, currency: "eur", default_tax_rates: [vat] });
    await advance("1 minute");
    const item = { customer, invoice, currency: "eur" };
    const { id: product } = await stripe.products.create({ name: "Hours" });
    const { id: price } = await stripe.prices.create({ product, currency: "eur", unit_amount: 8050 });
    await advance("1 minute");
    await stripe.invoiceItems.create({ customer, invoice, pricing: { price }, quantity: 10 });
    await stripe.invoiceItems.create({ ...item, amount: 3333, description: "Fee" });
    await advance("1 minute");
    const { lines } = await stripe.invoices.finalizeInvoice(invoice);
    await advance("1 minute");
    const tell = async () => {
      const { status, amount_due: due, amount_paid: paid, ...of } = await stripe.invoices.retrieve(invoice);
      const [before, after] = [of.pre_payment_credit_notes_amount, of.post_payment_credit_notes_amount];
      say(`${status}: ${of.total} less ${before} is ${due}; paid ${paid}, given back ${after}.`);
    };
    await tell();
    say("It was nine hours: one goes off before anybody has paid.");
    const hours = lines.data.find(({ quantity }) => quantity === 10);
    const hour = { type: "invoice_line_item", invoice_line_item: String(hours?.id), quantity: 1 } as const;
    const first = await stripe.creditNotes.create({ invoice, lines: [hour], reason: "order_change" });
    await advance("1 minute");
    say(`${first.number}: ${first.subtotal} and VAT, ${first.total}.`);
    await tell();
    await stripe.invoices.pay(invoice);
    await advance("1 minute");
    await tell();
    say("The fee was a mistake too, and the money for it goes back to her card.");
    const fee = lines.data.find(({ description }) => description === "Fee");
    const whole = { type: "invoice_line_item", invoice_line_item: String(fee?.id), quantity: 1 } as const;
    const second = await stripe.creditNotes.create({ invoice, lines: [whole], refund_amount: 4000 });
    await advance("1 minute");
    const refund = await stripe.refunds.retrieve(String(second.refunds[0]?.refund));
    say(`A refund of ${refund.amount}: ${refund.status}.`);
    await tell();
    const left = { invoice, amount: 86_941, credit_amount: 86_941 };
    const refused = await stripe.creditNotes.create(left).catch((error: Error) => error.message);
    say(`One cent more than what is left: ${refused}`);
  },
};
