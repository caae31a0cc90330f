// Credit notes, as Stripe was recorded and as its documentation prints them.
import type { Maker, RealBody } from "./shape.ts";

/** An invoice of one line that is finalized; its id and that of the line. */
async function invoiced({ call }: Maker, amount: number) {
  const { id: customer } = await call("POST", "/v1/customers", "email=a@example.com");
  const { id: method } = await call("POST", "/v1/payment_methods/pm_card_visa/attach", `customer=${customer}`);
  await call("POST", `/v1/customers/${customer}`, `invoice_settings[default_payment_method]=${method}`);
  const { id } = await call("POST", "/v1/invoices", `customer=${customer}&currency=usd`);
  const item = `customer=${customer}&invoice=${id}&unit_amount_decimal=${amount}&quantity=1&description=T-shirt`;
  await call("POST", "/v1/invoiceitems", `${item}&currency=usd`);
  const { lines } = await call("POST", `/v1/invoices/${id}/finalize`);
  return { invoice: id, line: (lines as { data: { id: string }[] }).data[0]?.id };
}

const common = `
  id object currency customer invoice lines.object lines.url lines.data[].id lines.data[].object
  lines.data[].description lines.data[].type lines.data[].unit_amount_decimal number pdf status type`;

const numbers = `
  amount amount_shipping created discount_amount lines.data[].amount lines.data[].discount_amount
  lines.data[].quantity lines.data[].unit_amount post_payment_amount pre_payment_amount subtotal
  subtotal_excluding_tax total total_excluding_tax`;

const lists = `
  discount_amounts lines.data[].discount_amounts lines.data[].tax_rates lines.data[].taxes total_taxes`;

export const creditNoteBodies: readonly RealBody[] = [
  {
    name: "credit_note.issued_post_payment.2025-10-29.clover",
    shape: {
      string: `${common} refunds[].refund refunds[].type`,
      number: `${numbers} effective_at refunds[].amount_refunded`,
      boolean: "lines.has_more lines.data[].livemode livemode",
      null: `
        customer_balance_transaction memo out_of_band_amount reason refunds[].payment_record_refund
        shipping_cost voided_at`,
      map: "metadata",
      list: `${lists} lines.data[].pretax_credit_amounts pretax_credit_amounts`,
    },
    make: async (maker) => {
      const { invoice } = await invoiced(maker, 2000);
      await maker.call("POST", `/v1/invoices/${invoice}/pay`);
      const line = "lines[0][type]=custom_line_item&lines[0][description]=Refund&lines[0][quantity]=1";
      const form = `invoice=${invoice}&refund_amount=500&${line}&lines[0][unit_amount]=500`;
      return maker.call("POST", "/v1/credit_notes", form);
    },
  },
  {
    name: "credit_note.issued_pre_payment.docs-sample-2026-04",
    shape: {
      string: `${common} lines.data[].invoice_line_item`,
      number: numbers,
      boolean: "lines.has_more lines.data[].livemode livemode",
      null: "customer_balance_transaction memo out_of_band_amount reason shipping_cost voided_at",
      map: "metadata",
      list: `${lists} refunds`,
    },
    make: async (maker) => {
      const { invoice, line } = await invoiced(maker, 1099);
      const whole = `lines[0][type]=invoice_line_item&lines[0][invoice_line_item]=${line}&lines[0][quantity]=1`;
      return maker.call("POST", "/v1/credit_notes", `invoice=${invoice}&${whole}`);
    },
  },
];
