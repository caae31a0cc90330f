// The story of the schema gate: what is asked, and which values of the answer get a name for later steps.

export interface Step {
  /** `POST /v1/customers/{customer}`. */
  readonly call: string;
  readonly form?: string;
  /** 200 when not given. */
  readonly status?: number;
  /** Names for values of the answer: `{ customer: "id" }`. */
  readonly names?: Readonly<Record<string, string>>;
  /** With headers an answer is not compared: a publishable key sees less. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Nothing that the sandbox plays gets this far; its refusal is all there is to see. */
  readonly isRefusedOnly?: true;
  /** Older families have no such thing. */
  readonly isNew?: true;
}

/** Not in the declarations that the schemas are made of: what Stripe.js calls, and nobody's schema describes. */
export const undeclaredRoutes: ReadonlySet<string> = new Set([
  "POST /v1/invoice_rendering_templates",
  "POST /v1/invoice_rendering_templates/:id",
  "POST /v1/3ds2/authenticate",
  "POST /v1/charges/:id/refund",
  "POST /v1/customers/:id/bank_accounts",
  "POST /v1/customers/:id/cards",
  "GET /v1/customers/:id/discount",
  "GET /v1/customers/:id/subscriptions/:id/discount",
]);

const beforeBasil = { "stripe-version": "2025-02-24.acacia" };
const browser = { authorization: "Bearer pk_test_world" };
const never = "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";
const pay = `amount=2000&currency=eur&customer={customer}&confirm=true&${never}`;
const address =
  "billing_details[address][line1]=Street 1&billing_details[address][city]=Berlin" +
  "&billing_details[address][postal_code]=10115&billing_details[address][country]=DE";

const consent = "mandate_data[customer_acceptance][type]=offline";
const account =
  "confirm=true&return_url=https://shop.test&payment_method_data[type]=us_bank_account" +
  "&payment_method_data[billing_details][name]=Ada&payment_method_data[us_bank_account][routing_number]=110000000" +
  "&payment_method_data[us_bank_account][account_number]=000123456789" +
  "&payment_method_data[us_bank_account][account_holder_type]=individual";

export const story: readonly (Step | { readonly days: number })[] = [
  { call: "GET /v1/account", names: { account: "id" } },
  { call: "GET /v1/accounts/{account}" },

  // Customers and their methods.
  {
    call: "POST /v1/customers",
    form: "name=Ada&email=ada@shop.test&phone=1&metadata[a]=b&preferred_locales[]=de&address[city]=Berlin&address[line1]=a",
    names: { customer: "id" },
  },
  { call: "POST /v1/customers/{customer}", form: "description=regular&shipping[name]=Ada&shipping[address][line1]=a" },
  {
    call: "POST /v1/customers/{customer}/tax_ids",
    form: "type=eu_vat&value=DE123456789",
    names: { their_tax_id: "id" },
  },
  { call: "GET /v1/customers/{customer}/tax_ids/{their_tax_id}" },
  { call: "GET /v1/customers/{customer}/tax_ids" },
  { call: "POST /v1/customers/{customer}/tax_ids", form: "type=us_ein&value=12-3456789", names: { ein: "id" } },
  { call: "DELETE /v1/customers/{customer}/tax_ids/{ein}" },
  { call: "POST /v1/tax_ids", form: "type=eu_vat&value=FR12345678901", names: { our_tax_id: "id" } },
  { call: "GET /v1/tax_ids/{our_tax_id}" },
  { call: "GET /v1/tax_ids", form: "owner[type]=customer&owner[customer]={customer}&expand[]=data.customer" },
  { call: "POST /v1/tax_ids", form: "type=au_abn&value=12345678912&owner[type]=self", names: { abn: "id" } },
  { call: "DELETE /v1/tax_ids/{abn}" },
  { call: "GET /v1/customers/{customer}", form: "expand[]=tax_ids" },
  { call: "GET /v1/customers" },
  { call: "GET /v1/customers/search", form: "query=name:'Ada'" },
  {
    call: "POST /v1/customers/{customer}/balance_transactions",
    form: "amount=-500&currency=eur&description=an apology&expand[]=customer",
    names: { credited: "id" },
  },
  { call: "POST /v1/customers/{customer}/balance_transactions", form: "amount=500&currency=eur" },
  { call: "POST /v1/customers/{customer}/balance_transactions/{credited}", form: "metadata[a]=b" },
  { call: "GET /v1/customers/{customer}/balance_transactions/{credited}" },
  { call: "GET /v1/customers/{customer}/balance_transactions" },
  {
    call: "POST /v1/payment_methods",
    form: "type=card&card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2030&card[cvc]=123",
    names: { method: "id" },
  },
  { call: "POST /v1/payment_methods/{method}/attach", form: "customer={customer}&expand[]=customer" },
  { call: "POST /v1/payment_methods/{method}", form: `billing_details[name]=Ada&${address}&metadata[a]=b` },
  { call: "GET /v1/payment_methods/{method}", form: "expand[]=customer" },
  { call: "GET /v1/payment_methods", form: "customer={customer}&type=card" },
  { call: "GET /v1/customers/{customer}/payment_methods", form: "type=card" },
  { call: "GET /v1/customers/{customer}/payment_methods/{method}" },
  { call: "POST /v1/payment_methods/pm_card_mastercard/attach", form: "customer={customer}", names: { second: "id" } },
  { call: "POST /v1/payment_methods/{second}/detach" },
  { call: "POST /v1/customer_sessions", form: "customer={customer}&components[buy_button][enabled]=true" },
  {
    call: "POST /v1/ephemeral_keys",
    form: "customer={customer}",
    headers: { "stripe-version": "2026-10-28.endive" },
    names: { ephemeral: "id" },
  },
  { call: "DELETE /v1/ephemeral_keys/{ephemeral}" },

  // One-off invoices.
  {
    call: "POST /v1/invoiceitems",
    form: "customer={customer}&amount=1500&currency=eur&description=Setup&expand[]=customer",
    names: { item: "id" },
  },
  { call: "POST /v1/invoiceitems", form: "customer={customer}&amount=900&currency=eur", names: { spare: "id" } },
  { call: "POST /v1/invoiceitems/{item}", form: "amount=1600&metadata[a]=b&period[start]=1&period[end]=2" },
  { call: "GET /v1/invoiceitems/{item}" },
  { call: "GET /v1/invoiceitems", form: "customer={customer}&pending=true" },
  { call: "DELETE /v1/invoiceitems/{spare}" },
  {
    call: "POST /v1/invoices",
    form:
      "customer={customer}&pending_invoice_items_behavior=include&collection_method=send_invoice&days_until_due=7" +
      "&description=Thanks&footer=Bye&custom_fields[0][name]=PO&custom_fields[0][value]=7&currency=eur",
    names: { invoice: "id" },
  },
  { call: "POST /v1/invoices/{invoice}", form: "metadata[a]=b&auto_advance=true" },
  {
    call: "POST /v1/invoices/{invoice}/add_lines",
    form: "lines[0][amount]=400&lines[0][description]=More",
    names: { line: "lines.data.0.id" },
    isNew: true,
  },
  { call: "POST /v1/invoices/{invoice}/lines/{line}", form: "description=Much more", isNew: true },
  {
    call: "POST /v1/invoices/{invoice}/update_lines",
    form: "lines[0][id]={line}&lines[0][amount]=500",
    isNew: true,
  },
  {
    call: "POST /v1/invoices/{invoice}/remove_lines",
    form: "lines[0][id]={line}&lines[0][behavior]=delete",
    isNew: true,
  },
  { call: "GET /v1/invoices/{invoice}/lines" },
  { call: "POST /v1/invoices/{invoice}/finalize", form: "auto_advance=false" },
  { call: "POST /v1/invoices/{invoice}/send" },
  {
    call: "POST /v1/invoices/{invoice}/pay",
    form: "payment_method=pm_card_visa&expand[]=customer&expand[]=default_payment_method",
  },
  { call: "GET /v1/invoices/{invoice}" },
  { call: "GET /v1/invoices", form: "customer={customer}&status=paid" },
  { call: "GET /v1/invoices/search", form: "query=status:'paid'" },
  { call: "GET /v1/invoice_payments", form: "invoice={invoice}", names: { payment: "data.0.id" }, isNew: true },
  { call: "GET /v1/invoice_payments/{payment}", form: "expand[]=invoice", isNew: true },
  { call: "GET /v1/invoices/{invoice}/lines", names: { invoiced: "data.0.id" } },
  {
    call: "POST /v1/tax_rates",
    form: "display_name=VAT&percentage=10&inclusive=false",
    names: { credited_rate: "id" },
  },
  {
    call: "POST /v1/credit_notes",
    form:
      "invoice={invoice}&lines[0][type]=invoice_line_item&lines[0][invoice_line_item]={invoiced}&lines[0][amount]=300" +
      "&lines[1][type]=custom_line_item&lines[1][description]=Late&lines[1][quantity]=2" +
      "&lines[1][unit_amount_decimal]=50.5&lines[1][tax_rates][]={credited_rate}&refund_amount=200&credit_amount=100" +
      "&out_of_band_amount=111&reason=order_change&memo=Sorry&metadata[a]=b&email_type=none" +
      "&expand[]=customer_balance_transaction&expand[]=invoice",
    names: { credit_note: "id" },
  },
  { call: "POST /v1/credit_notes/{credit_note}", form: "memo=Very sorry&metadata[c]=d" },
  { call: "GET /v1/credit_notes/{credit_note}", form: "expand[]=refunds.refund&expand[]=customer" },
  { call: "GET /v1/credit_notes/{credit_note}/lines", form: "limit=1" },
  { call: "GET /v1/credit_notes", form: "invoice={invoice}&customer={customer}" },
  { call: "GET /v1/credit_notes/preview", form: "invoice={invoice}&amount=40&credit_amount=40" },
  { call: "GET /v1/credit_notes/preview/lines", form: "invoice={invoice}&amount=40&credit_amount=40" },
  { call: "POST /v1/invoices", form: "customer={customer}&currency=eur", names: { draft: "id" } },
  { call: "POST /v1/invoiceitems", form: "customer={customer}&invoice={draft}&amount=700" },
  { call: "POST /v1/invoices/{draft}/finalize" },
  { call: "POST /v1/credit_notes", form: "invoice={draft}&amount=100", names: { voided_note: "id" } },
  { call: "POST /v1/credit_notes/{voided_note}/void" },
  {
    call: "POST /v1/invoices",
    form: "from_invoice[action]=revision&from_invoice[invoice]={draft}&expand[]=from_invoice.invoice",
    names: { revision: "id" },
  },
  { call: "DELETE /v1/invoices/{revision}" },
  { call: "POST /v1/invoices/{draft}/mark_uncollectible" },
  { call: "POST /v1/invoices/{draft}/void" },
  { call: "POST /v1/invoices", form: "customer={customer}&currency=eur", names: { parted: "id" } },
  { call: "POST /v1/invoiceitems", form: "customer={customer}&invoice={parted}&amount=900" },
  { call: "POST /v1/invoices/{parted}/finalize" },
  {
    call: "POST /v1/payment_intents",
    form: "amount=400&currency=eur&customer={customer}",
    names: { part: "id" },
  },
  {
    call: "POST /v1/invoices/{parted}/attach_payment",
    form: "payment_intent={part}&expand[]=payments.data.payment.payment_intent",
    isNew: true,
  },
  { call: "POST /v1/payment_intents/{part}/confirm", form: "payment_method=pm_card_visa&return_url=https://a.test" },
  { call: "POST /v1/invoices", form: "customer={customer}&currency=eur", names: { thrown: "id" } },
  { call: "DELETE /v1/invoices/{thrown}" },

  // Subscriptions.
  {
    call: "POST /v1/prices",
    form: "currency=eur&unit_amount=1200&recurring[interval]=month&product_data[name]=Seats",
    names: { monthly: "id" },
  },
  {
    call: "POST /v1/subscriptions",
    form:
      "customer={customer}&items[0][price]={monthly}&items[0][quantity]=2&default_payment_method={method}" +
      "&metadata[a]=b&expand[]=latest_invoice.payments&expand[]=items.data.price.product",
    names: { subscription: "id", subscription_item: "items.data.0.id" },
  },
  { call: "POST /v1/subscriptions/{subscription}", form: "description=Two seats&metadata[c]=d" },
  {
    call: "POST /v1/payment_methods/pm_card_chargeCustomerFail/attach",
    form: "customer={customer}",
    names: { bad: "id" },
  },
  {
    call: "POST /v1/subscriptions",
    form: "customer={customer}&items[0][price]={monthly}&default_payment_method={method}",
    names: { upgraded: "id", upgraded_item: "items.data.0.id" },
  },
  { call: "POST /v1/subscriptions/{upgraded}", form: "default_payment_method={bad}" },
  {
    call: "POST /v1/subscriptions/{upgraded}",
    form:
      "items[0][id]={upgraded_item}&items[0][quantity]=9&payment_behavior=pending_if_incomplete" +
      "&proration_behavior=always_invoice&expand[]=pending_update.subscription_items.price.product",
  },
  { call: "GET /v1/subscriptions/{upgraded}" },
  { call: "GET /v1/subscriptions/{subscription}", form: "expand[]=customer&expand[]=default_payment_method" },
  { call: "GET /v1/subscriptions", form: "customer={customer}&status=active&price={monthly}" },
  { call: "GET /v1/subscriptions/search", form: "query=status:'active'" },
  { call: "GET /v1/subscription_items", form: "subscription={subscription}" },
  { call: "GET /v1/subscription_items/{subscription_item}" },
  {
    call: "POST /v1/prices",
    form: "currency=eur&unit_amount=700&recurring[interval]=month&product_data[name]=Desks",
    names: { desks: "id" },
  },
  {
    call: "POST /v1/subscriptions",
    form: "customer={customer}&items[0][price]={monthly}&collection_method=send_invoice&days_until_due=7",
    names: { running: "id" },
  },
  {
    call: "POST /v1/subscription_items",
    form: "subscription={running}&price={desks}&quantity=2",
    names: { added_item: "id" },
  },
  { call: "POST /v1/subscription_items/{added_item}", form: "quantity=3&proration_behavior=always_invoice" },
  {
    call: "POST /v1/invoices/create_preview",
    form: "subscription={running}&subscription_details[items][0][id]={added_item}&subscription_details[items][0][quantity]=2",
  },
  { call: "GET /v1/invoices/upcoming", form: "subscription={running}", headers: beforeBasil },
  { call: "GET /v1/invoices/upcoming/lines", form: "customer={customer}", headers: beforeBasil },
  { call: "POST /v1/subscriptions/{running}/migrate", form: "billing_mode[type]=flexible" },
  { call: "DELETE /v1/subscription_items/{added_item}" },
  {
    call: "POST /v1/subscriptions",
    form: "customer={customer}&items[0][price]={monthly}&payment_behavior=default_incomplete",
    names: { ended: "id" },
  },
  { call: "DELETE /v1/subscriptions/{ended}", form: "cancellation_details[comment]=Enough" },
  { call: "POST /v1/customers", form: "email=tess@example.com", names: { tester: "id" } },
  {
    call: "POST /v1/subscriptions",
    form:
      "customer={tester}&items[0][price]={monthly}&trial_period_days=5&cancel_at_period_end=true" +
      "&trial_settings[end_behavior][missing_payment_method]=pause&expand[]=pending_setup_intent",
    names: { tried: "id" },
  },
  { call: "POST /v1/subscriptions/{tried}", form: "cancel_at_period_end=false&pause_collection[behavior]=void" },
  { call: "POST /v1/subscriptions/{tried}", form: "trial_end=now&pause_collection=" },
  { call: "POST /v1/subscriptions/{tried}/resume" },
  {
    call: "POST /v1/subscriptions",
    form: "customer={customer}&items[0][price]={monthly}&default_payment_method={method}&billing_mode[type]=flexible",
    names: { rested: "id" },
  },
  { call: "POST /v1/subscriptions/{rested}/pause", form: "bill_for[unused_time_from][type]=now" },
  { call: "POST /v1/subscriptions/{rested}/resume" },

  {
    call: "POST /v1/customers/{customer}/subscriptions",
    form: "plan={monthly}&trial_period_days=5",
    names: { old: "id" },
  },
  { call: "GET /v1/customers/{customer}/subscriptions" },
  { call: "GET /v1/customers/{customer}/subscriptions/{old}" },
  { call: "POST /v1/customers/{customer}/subscriptions/{old}", form: "quantity=2" },
  { call: "DELETE /v1/customers/{customer}/subscriptions/{old}" },

  // Schedules.
  { call: "POST /v1/subscription_schedules", form: "from_subscription={running}", names: { attached: "id" } },
  { call: "POST /v1/subscription_schedules/{attached}/release", form: "preserve_cancel_date=true" },
  {
    call: "POST /v1/subscription_schedules",
    form:
      "customer={customer}&start_date=now&end_behavior=cancel&metadata[a]=b&default_settings[description]=Paper" +
      "&default_settings[invoice_settings][footer]=Thanks&phases[0][items][0][price]={monthly}" +
      "&phases[0][items][0][tax_rates][]={credited_rate}&phases[0][default_tax_rates][]={credited_rate}" +
      "&phases[0][duration][interval]=month&phases[0][metadata][c]=d&phases[0][invoice_settings][description]=First" +
      "&phases[1][items][0][price]={monthly}&phases[1][items][0][quantity]=2&phases[1][trial]=true" +
      "&phases[1][proration_behavior]=none&expand[]=subscription",
    names: { planned: "id" },
    isNew: true,
  },
  { call: "GET /v1/subscription_schedules/{planned}", form: "expand[]=customer&expand[]=phases.items.price" },
  { call: "GET /v1/subscription_schedules", form: "customer={customer}&scheduled=false" },
  { call: "POST /v1/subscription_schedules/{planned}", form: "end_behavior=release&metadata[c]=d" },
  { call: "POST /v1/subscription_schedules/{planned}/cancel", form: "invoice_now=false&prorate=false" },

  // Cards, tokens and sources as old clients use them.
  {
    call: "POST /v1/tokens",
    form: "card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2030&card[cvc]=123",
    names: { token: "id" },
  },
  { call: "GET /v1/tokens/{token}" },
  { call: "POST /v1/customers/{customer}/sources", form: "source={token}", names: { card: "id" } },
  { call: "GET /v1/customers/{customer}/sources" },
  { call: "GET /v1/customers/{customer}/sources/{card}" },
  { call: "POST /v1/customers/{customer}/sources/{card}", form: "name=Ada" },
  { call: "POST /v1/sources", form: "type=card&token=tok_visa", names: { source: "id" } },
  { call: "GET /v1/sources/{source}" },
  { call: "POST /v1/sources/{source}", form: "metadata[a]=b" },
  { call: "GET /v1/customers/{customer}", form: "expand[]=sources&expand[]=default_source" },

  // The same at the addresses of old clients.
  { call: "POST /v1/customers/{customer}/cards", form: "card=tok_visa", names: { old_card: "id" } },
  { call: "GET /v1/customers/{customer}/cards" },
  { call: "GET /v1/customers/{customer}/cards/{old_card}" },
  { call: "POST /v1/customers/{customer}/cards/{old_card}", form: "name=Ada" },
  { call: "DELETE /v1/customers/{customer}/cards/{old_card}" },
  {
    call: "POST /v1/customers/{customer}/bank_accounts",
    form:
      "bank_account[object]=bank_account&bank_account[country]=US&bank_account[currency]=usd" +
      "&bank_account[account_number]=000222222227&bank_account[routing_number]=110000000",
    names: { old_bank: "id" },
  },
  { call: "GET /v1/customers/{customer}/bank_accounts" },
  { call: "GET /v1/customers/{customer}/bank_accounts/{old_bank}" },
  { call: "POST /v1/customers/{customer}/bank_accounts/{old_bank}", form: "metadata[a]=b" },
  {
    call: "POST /v1/customers/{customer}/bank_accounts/{old_bank}/verify",
    form: "amounts[]=32&amounts[]=45",
  },
  { call: "DELETE /v1/customers/{customer}/bank_accounts/{old_bank}" },
  { call: "POST /v1/charges", form: "amount=900&currency=usd&source=tok_visa", names: { old_charge: "id" } },
  { call: "POST /v1/charges/{old_charge}/refunds", form: "amount=100", names: { old_refund: "id" } },
  { call: "GET /v1/charges/{old_charge}/refunds" },
  { call: "GET /v1/charges/{old_charge}/refunds/{old_refund}" },
  { call: "POST /v1/charges/{old_charge}/refunds/{old_refund}", form: "metadata[a]=b" },
  { call: "POST /v1/charges/{old_charge}/refund", form: "amount=100" },

  { call: "POST /v1/charges", form: "amount=900&currency=usd&source=tok_visa&capture=false", names: { legacy: "id" } },
  { call: "POST /v1/charges/{legacy}/capture", form: "amount=500" },
  { call: "POST /v1/charges", form: "amount=900&currency=usd&customer={customer}" },
  { call: "POST /v1/charges", form: "amount=900&currency=usd&source=tok_chargeDeclined", status: 402 },
  {
    call: "POST /v1/sources",
    form: "type=sepa_debit&currency=eur&sepa_debit[iban]=DE89370400440532013000&owner[name]=Ada&owner[email]=a@shop.test",
    names: { debit_source: "id" },
  },
  { call: "GET /v1/sources/{debit_source}" },
  {
    call: "POST /v1/charges",
    form: "amount=900&currency=eur&source={debit_source}&expand[]=balance_transaction",
    names: { debit_charge: "id" },
  },
  { call: "GET /v1/charges/{debit_charge}" },
  { call: "POST /v1/customers/{customer}/sources", form: "source=tok_amex", names: { gone_card: "id" } },
  { call: "DELETE /v1/customers/{customer}/sources/{gone_card}" },
  {
    call: "POST /v1/tokens",
    form: "bank_account[country]=US&bank_account[account_number]=000123456789&bank_account[routing_number]=110000000&bank_account[account_holder_name]=Ada",
    names: { bank_token: "id" },
  },
  { call: "GET /v1/tokens/{bank_token}" },
  { call: "POST /v1/customers/{customer}/sources", form: "source={bank_token}", names: { bank: "id" } },
  { call: "GET /v1/customers/{customer}/sources/{bank}" },
  { call: "POST /v1/customers/{customer}/sources/{bank}", form: "account_holder_name=Eve&metadata[a]=b" },
  { call: "POST /v1/customers/{customer}/sources/{bank}/verify", form: "amounts[]=32&amounts[]=45" },
  { call: "GET /v1/customers/{customer}/sources", form: "object=bank_account" },
  {
    call: "POST /v1/customers/{customer}/sources",
    form: "source=btok_us_verified_noAccount",
    names: { gone_bank: "id" },
  },
  { call: "DELETE /v1/customers/{customer}/sources/{gone_bank}" },

  // The catalog.
  {
    call: "POST /v1/products",
    form: "name=Gold&default_price_data[currency]=usd&default_price_data[unit_amount]=1500&default_price_data[recurring][interval]=month&marketing_features[0][name]=fast&package_dimensions[height]=1&package_dimensions[length]=2&package_dimensions[weight]=3&package_dimensions[width]=4&images[]=https://shop.test/i.png&tax_code=txcd_10103000&expand[]=default_price",
    names: { product: "id", price: "default_price.id" },
  },
  { call: "POST /v1/products/{product}", form: "description=best&default_price={price}" },
  { call: "GET /v1/products/{product}", form: "expand[]=default_price" },
  { call: "GET /v1/products", form: "expand[]=data.default_price" },
  { call: "GET /v1/products/search", form: "query=name:'Gold'" },
  {
    call: "POST /v1/prices",
    form: "product={product}&currency=usd&unit_amount_decimal=12.5&lookup_key=gold&currency_options[eur][unit_amount]=900&transform_quantity[divide_by]=5&transform_quantity[round]=up&expand[]=currency_options",
    names: { once: "id" },
  },
  {
    call: "POST /v1/prices",
    form: "product_data[name]=Tiered&currency=usd&billing_scheme=tiered&tiers_mode=volume&recurring[interval]=year&tiers[0][up_to]=5&tiers[0][unit_amount]=500&tiers[1][up_to]=inf&tiers[1][flat_amount]=400&expand[]=tiers",
    names: { tiered: "id" },
  },
  { call: "GET /v1/prices/{tiered}", form: "expand[]=tiers&expand[]=product&expand[]=currency_options" },
  { call: "POST /v1/prices/{once}", form: "nickname=once&tax_behavior=exclusive" },
  { call: "GET /v1/prices", form: "expand[]=data.tiers&expand[]=data.product" },
  { call: "GET /v1/prices/search", form: "query=type:'recurring'" },
  {
    call: "POST /v1/plans",
    form: "id=gold-monthly&amount=900&currency=usd&interval=month&product[name]=Planned&nickname=gold&trial_period_days=5",
    names: { plan: "id" },
  },
  { call: "POST /v1/plans/{plan}", form: "metadata[a]=b" },
  { call: "GET /v1/plans/{plan}", form: "expand[]=product&expand[]=tiers" },
  { call: "GET /v1/plans", form: "expand[]=data.product&expand[]=data.tiers" },
  { call: "POST /v1/plans", form: "amount=5&currency=usd&interval=year&product={product}", names: { gone_plan: "id" } },
  { call: "DELETE /v1/plans/{gone_plan}" },
  {
    call: "POST /v1/coupons",
    form: "amount_off=500&currency=usd&duration=repeating&duration_in_months=3&applies_to[products][0]={product}&currency_options[eur][amount_off]=400&expand[]=applies_to&expand[]=currency_options",
    names: { coupon: "id" },
  },
  { call: "POST /v1/coupons/{coupon}", form: "name=five&metadata[a]=b" },
  { call: "GET /v1/coupons/{coupon}", form: "expand[]=applies_to" },
  { call: "GET /v1/coupons", form: "expand[]=data.currency_options" },
  {
    call: "POST /v1/subscriptions",
    form:
      "customer={customer}&items[0][price]={monthly}&payment_behavior=default_incomplete" +
      "&discounts[0][coupon]={coupon}&expand[]=discounts.source.coupon",
    names: { discounted: "id" },
  },
  { call: "GET /v1/customers/{customer}/subscriptions/{discounted}/discount" },
  { call: "DELETE /v1/subscriptions/{discounted}/discount" },
  {
    call: "POST /v1/subscriptions",
    form: "customer={customer}&items[0][price]={monthly}&trial_period_days=5&discounts[0][coupon]={coupon}",
    names: { discounted_too: "id" },
  },
  { call: "DELETE /v1/customers/{customer}/subscriptions/{discounted_too}/discount" },
  { call: "POST /v1/coupons", form: "id=GONE&percent_off=12.5", names: { gone_coupon: "id" } },
  { call: "DELETE /v1/coupons/{gone_coupon}" },
  { call: "GET /v1/tax_codes", form: "limit=3", names: { tax_code: "data.0.id" } },
  { call: "GET /v1/tax_codes/{tax_code}" },
  {
    call: "POST /v1/entitlements/features",
    form: "lookup_key=reports&name=Reports&metadata[a]=b",
    names: { feature: "id" },
  },
  { call: "GET /v1/entitlements/features/{feature}" },
  { call: "GET /v1/entitlements/features", form: "archived=false&lookup_key=reports" },
  {
    call: "POST /v1/products/{product}/features",
    form: "entitlement_feature={feature}",
    names: { attached: "id" },
  },
  { call: "GET /v1/products/{product}/features/{attached}" },
  { call: "GET /v1/products/{product}/features" },
  { call: "POST /v1/customers", form: "email=user@shop.test", names: { user: "id" } },
  { call: "POST /v1/subscriptions", form: "customer={user}&items[0][price]={price}&trial_period_days=50" },
  {
    call: "GET /v1/entitlements/active_entitlements",
    form: "customer={user}&expand[]=data.feature",
    names: { entitlement: "data.0.id" },
  },
  { call: "GET /v1/entitlements/active_entitlements/{entitlement}" },
  { call: "POST /v1/entitlements/features", form: "lookup_key=old&name=Old", names: { old_feature: "id" } },
  {
    call: "POST /v1/products/{product}/features",
    form: "entitlement_feature={old_feature}",
    names: { detached: "id" },
  },
  { call: "DELETE /v1/products/{product}/features/{detached}" },
  {
    call: "POST /v1/product_catalog/trial_offers",
    form:
      "price={price}&end_behavior[transition][price]={price}&duration[type]=relative&duration[relative][iterations]=2&" +
      "nickname=First",
    names: { trial_offer: "id" },
  },
  { call: "GET /v1/product_catalog/trial_offers/{trial_offer}" },
  { call: "GET /v1/product_catalog/trial_offers", form: "active=true&prices[]={price}" },
  { call: "POST /v1/product_catalog/trial_offers/{trial_offer}", form: "active=false" },
  { call: "POST /v1/entitlements/features/{old_feature}", form: "active=false&name=Older" },
  {
    call: "POST /v1/tax_rates",
    form: "display_name=VAT&percentage=19&inclusive=false&country=DE&tax_type=vat",
    names: { tax_rate: "id" },
  },
  { call: "POST /v1/tax_rates/{tax_rate}", form: "description=a&metadata[a]=b" },
  { call: "GET /v1/tax_rates/{tax_rate}" },
  {
    call: "POST /v1/invoices",
    form: "customer={customer}&currency=eur&default_tax_rates[]={tax_rate}&account_tax_ids[]={our_tax_id}",
    names: { taxed: "id" },
  },
  {
    call: "POST /v1/invoiceitems",
    form: "customer={customer}&invoice={taxed}&amount=700&tax_rates[]={tax_rate}",
    names: { taxed_item: "id" },
  },
  { call: "GET /v1/invoiceitems/{taxed_item}" },
  { call: "GET /v1/invoices/{taxed}" },
  { call: "GET /v1/tax_rates", form: "active=true&inclusive=false" },
  { call: "POST /v1/invoice_rendering_templates", form: "nickname=Mine", names: { template: "id" } },
  { call: "POST /v1/invoice_rendering_templates/{template}", form: "nickname=Ours" },
  { call: "POST /v1/invoice_rendering_templates/{template}/archive" },
  { call: "POST /v1/invoice_rendering_templates/{template}/unarchive" },
  { call: "GET /v1/invoice_rendering_templates/{template}", form: "version=1" },
  { call: "GET /v1/invoice_rendering_templates", form: "status=active" },
  {
    call: "POST /v1/shipping_rates",
    form:
      "display_name=Ground&type=fixed_amount&fixed_amount[amount]=500&fixed_amount[currency]=eur&metadata[a]=b" +
      "&delivery_estimate[minimum][unit]=day&delivery_estimate[minimum][value]=2&tax_behavior=exclusive" +
      "&tax_code=txcd_92010001",
    names: { shipping_rate: "id" },
  },
  { call: "POST /v1/shipping_rates/{shipping_rate}", form: "active=true&metadata[a]=c" },
  { call: "GET /v1/shipping_rates/{shipping_rate}" },
  { call: "GET /v1/shipping_rates", form: "active=true&currency=eur" },
  { call: "POST /v1/customers", form: "address[country]=DE", names: { placed: "id" } },
  {
    call: "POST /v1/invoices",
    form:
      "customer={placed}&currency=eur&automatic_tax[enabled]=true&shipping_cost[shipping_rate]={shipping_rate}" +
      "&shipping_details[name]=Ada&shipping_details[address][country]=DE&expand[]=shipping_cost.taxes",
    names: { shipped: "id" },
  },
  {
    call: "POST /v1/invoices/{shipped}",
    form:
      "shipping_cost[shipping_rate_data][display_name]=Air&shipping_cost[shipping_rate_data][type]=fixed_amount" +
      "&shipping_cost[shipping_rate_data][fixed_amount][amount]=900" +
      "&shipping_cost[shipping_rate_data][fixed_amount][currency]=eur&expand[]=shipping_cost.shipping_rate",
  },
  { call: "POST /v1/invoices/{shipped}", form: "shipping_cost[shipping_rate]={shipping_rate}" },
  { call: "POST /v1/invoices/{shipped}/finalize" },
  {
    call: "POST /v1/credit_notes",
    form: "invoice={shipped}&shipping_cost[shipping_rate]={shipping_rate}&expand[]=shipping_cost.taxes",
  },
  {
    call: "POST /v1/promotion_codes",
    form: "promotion[type]=coupon&promotion[coupon]={coupon}&code=gold-5&customer={customer}&restrictions[minimum_amount]=500&restrictions[minimum_amount_currency]=usd&restrictions[currency_options][eur][minimum_amount]=400&expand[]=restrictions.currency_options",
    names: { code: "id" },
  },
  { call: "POST /v1/promotion_codes/{code}", form: "metadata[a]=b" },
  { call: "GET /v1/promotion_codes/{code}", form: "expand[]=customer" },
  { call: "GET /v1/promotion_codes/{code}", form: "expand[]=promotion.coupon", isNew: true },
  { call: "GET /v1/promotion_codes", form: "code=GOLD-5&active=true" },
  {
    call: "POST /v1/customers",
    form: "promotion_code={code}",
    headers: { "stripe-version": "2024-06-20" },
    status: 400,
  },
  {
    call: "POST /v1/customers/{customer}",
    form: "promotion_code={code}",
    headers: { "stripe-version": "2024-06-20" },
  },
  { call: "GET /v1/customers/{customer}", form: "expand[]=discount.promotion_code" },
  { call: "GET /v1/customers/{customer}/discount" },
  { call: "DELETE /v1/customers/{customer}/discount" },
  { call: "POST /v1/test_helpers/test_clocks", form: "frozen_time=1893456000&name=a", names: { clock: "id" } },
  { call: "POST /v1/customers", form: "test_clock={clock}&expand[]=test_clock" },
  { call: "GET /v1/test_helpers/test_clocks/{clock}" },
  { call: "GET /v1/test_helpers/test_clocks" },
  { call: "POST /v1/test_helpers/test_clocks/{clock}/advance", form: "frozen_time=1893456001" },
  { call: "POST /v1/test_helpers/test_clocks", form: "frozen_time=1893456000", names: { gone_clock: "id" } },
  { call: "DELETE /v1/test_helpers/test_clocks/{gone_clock}" },
  { call: "POST /v1/products", form: "name=Gone", names: { gone_product: "id" } },
  { call: "DELETE /v1/products/{gone_product}" },

  // Endpoints, before anything worth an event happens.
  {
    call: "POST /v1/webhook_endpoints",
    form: "url=https://shop.test/hook&enabled_events[]=*&description=a&metadata[a]=b",
    names: { endpoint: "id" },
  },
  { call: "POST /v1/webhook_endpoints/{endpoint}", form: "disabled=true" },
  { call: "GET /v1/webhook_endpoints/{endpoint}" },
  { call: "GET /v1/webhook_endpoints" },

  // Payments: paid, held, declined, authenticated, canceled, disputed, reviewed.
  {
    call: "POST /v1/payment_intents",
    form: `${pay}&payment_method={method}&setup_future_usage=off_session&receipt_email=a@shop.test&expand[]=latest_charge.balance_transaction&expand[]=customer&expand[]=payment_method`,
    names: { paid: "id", charge: "latest_charge.id" },
  },
  { call: "GET /v1/payment_intents/{paid}", form: "expand[]=latest_charge&expand[]=payment_method" },
  { call: "POST /v1/payment_intents/{paid}", form: "metadata[order]=1&description=shoes" },
  { call: "GET /v1/charges/{charge}", form: "expand[]=balance_transaction&expand[]=refunds&expand[]=payment_intent" },
  { call: "POST /v1/charges/{charge}", form: "metadata[a]=b&description=shoes" },
  { call: "GET /v1/charges", form: "expand[]=data.customer" },
  { call: "GET /v1/charges/search", form: "query=currency:'eur'" },
  { call: "GET /v1/payment_intents/search", form: "query=currency:'eur'" },
  {
    call: "POST /v1/payment_intents",
    form:
      "amount=600&currency=usd&capture_method=manual&shipping[name]=A&shipping[address][line1]=a&" +
      "payment_method_options[card][request_incremental_authorization]=if_available&" +
      "payment_method_options[card][request_multicapture]=if_available",
    names: { held: "id" },
  },
  {
    call: "POST /v1/payment_intents/{held}/confirm",
    form: "payment_method=pm_card_amex&return_url=https://shop.test&expand[]=latest_charge",
  },
  { call: "POST /v1/payment_intents/{held}/increment_authorization", form: "amount=700" },
  { call: "POST /v1/payment_intents/{held}/capture", form: "amount_to_capture=100&final_capture=false" },
  { call: "POST /v1/payment_intents/{held}/capture", form: "amount_to_capture=500&expand[]=latest_charge" },
  { call: "POST /v1/payment_intents", form: `${pay}&payment_method=pm_card_chargeDeclined`, status: 402 },
  { call: "POST /v1/payment_intents", form: `${pay}&payment_method=pm_card_radarBlock`, status: 402 },
  {
    call: "POST /v1/payment_intents",
    form: "amount=1500&currency=eur&confirm=true&payment_method=pm_card_authenticationRequired&return_url=https://a.test",
    names: { asking: "id", asking_secret: "client_secret" },
  },
  { call: "GET /v1/payment_intents/{asking}" },
  {
    call: "POST /v1/3ds2/authenticate",
    form: "source={asking}&client_secret={asking_secret}&outcome=succeeded",
    headers: browser,
  },
  { call: "GET /v1/payment_intents/{asking}", form: "expand[]=latest_charge" },
  { call: "POST /v1/payment_intents", form: "amount=1500&currency=jpy", names: { open: "id" } },
  { call: "POST /v1/payment_intents/{open}/cancel", form: "cancellation_reason=abandoned" },
  { call: "GET /v1/payment_intents", form: "expand[]=data.latest_charge&customer={customer}" },

  // Confirmation tokens.
  {
    call: "POST /v1/test_helpers/confirmation_tokens",
    form: "payment_method_data[type]=card&payment_method=pm_card_visa&return_url=https://shop.test",
    names: { confirmation: "id" },
    status: 400,
  },
  {
    call: "POST /v1/test_helpers/confirmation_tokens",
    form: "payment_method=pm_card_visa&return_url=https://shop.test",
    names: { confirmation: "id" },
  },
  { call: "GET /v1/confirmation_tokens/{confirmation}", isNew: true },
  { call: "POST /v1/confirmation_tokens", form: "payment_method=pm_card_visa&setup_future_usage=off_session" },
  {
    call: "POST /v1/confirmation_tokens",
    form: "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2030&payment_method_data[card][cvc]=123",
    headers: browser,
  },

  // Setup, mandates, debits.
  {
    call: "POST /v1/setup_intents",
    form: `customer={customer}&${never}&confirm=true&payment_method=pm_card_visa&expand[]=payment_method&expand[]=latest_attempt`,
    names: { setup: "id" },
  },
  { call: "GET /v1/setup_intents/{setup}", form: "expand[]=latest_attempt" },
  { call: "POST /v1/setup_intents", form: "customer={customer}", names: { setup_open: "id" } },
  { call: "POST /v1/setup_intents/{setup_open}", form: "description=later&metadata[a]=b" },
  { call: "POST /v1/setup_intents/{setup_open}/cancel" },
  { call: "POST /v1/setup_intents", form: "customer={customer}", names: { setup_asking: "id" } },
  {
    call: "POST /v1/setup_intents/{setup_asking}/confirm",
    form: "payment_method=pm_card_authenticationRequired&return_url=https://shop.test",
  },
  { call: "GET /v1/setup_intents" },
  { call: "GET /v1/setup_attempts", form: "setup_intent={setup}" },
  {
    call: "POST /v1/payment_methods",
    form: `type=sepa_debit&sepa_debit[iban]=DE89370400440532013000&billing_details[name]=Ada&billing_details[email]=a@shop.test&${address}`,
    names: { debit: "id" },
  },
  {
    call: "POST /v1/setup_intents",
    form: "customer={customer}&allowed_payment_method_types[]=sepa_debit&confirm=true&payment_method={debit}&return_url=https://shop.test&mandate_data[customer_acceptance][type]=offline&expand[]=mandate",
    names: { mandate: "mandate.id" },
  },
  { call: "GET /v1/mandates/{mandate}" },
  {
    call: "POST /v1/payment_intents",
    form: "amount=3000&currency=eur&customer={customer}&allowed_payment_method_types[]=sepa_debit&confirm=true&payment_method={debit}&mandate={mandate}&off_session=true&return_url=https://shop.test",
    names: { debited: "id" },
  },
  { call: "GET /v1/payment_intents/{debited}", form: "expand[]=latest_charge" },

  // What an account offers, and methods that it does not offer from the beginning.
  { call: "GET /v1/payment_method_configurations", names: { offered: "data.0.id" }, isNew: true },
  {
    call: "POST /v1/payment_method_configurations/{offered}",
    form: ["acss_debit", "afterpay_clearpay", "alipay", "klarna", "link", "us_bank_account", "wechat_pay"]
      .map((type) => `${type}[display_preference][preference]=on`)
      .join("&"),
    isNew: true,
  },
  { call: "GET /v1/payment_method_configurations/{offered}", isNew: true },
  { call: "POST /v1/payment_method_configurations", form: "name=Other" },
  {
    call: "POST /v1/payment_intents",
    form: `${account}&amount=2000&currency=usd&${consent}`,
    names: { proved: "id" },
  },
  { call: "POST /v1/payment_intents/{proved}/verify_microdeposits", form: "descriptor_code=SM11AA" },
  { call: "POST /v1/setup_intents", form: `${account}&customer={customer}&${consent}`, names: { proving: "id" } },
  { call: "POST /v1/setup_intents/{proving}/verify_microdeposits", form: "amounts[]=32&amounts[]=45" },
  ...["afterpay_clearpay", "alipay", "klarna", "link", "wechat_pay"].flatMap((type): Step[] => [
    {
      call: "POST /v1/payment_intents",
      form: `amount=2000&currency=usd&confirm=true&return_url=https://shop.test&payment_method_data[type]=${type}`,
      names: { [type]: "id" },
    },
    { call: "POST /v1/3ds2/authenticate", form: `source={${type}}&outcome=succeeded` },
    {
      call: `GET /v1/payment_intents/{${type}}`,
      form: "expand[]=latest_charge&expand[]=payment_method",
      ...(type === "link" ? { isNew: true } : {}),
    },
  ]),

  // Disputes, warnings, reviews.
  {
    call: "POST /v1/payment_intents",
    form: `${pay}&payment_method=pm_card_createDispute`,
  },
  { call: "POST /v1/payment_intents", form: `${pay}&payment_method=pm_card_createIssuerFraudRecord` },
  { call: "POST /v1/payment_intents", form: `${pay}&payment_method=pm_card_createDisputeInquiry` },
  { call: "POST /v1/payment_intents", form: `${pay}&payment_method=pm_card_riskLevelElevated` },
  {
    call: "POST /v1/payment_intents",
    form: "amount=99000&currency=usd&confirm=true&payment_method=pm_card_bypassPending&return_url=https://a.test",
  },
  { days: 1 },
  {
    call: "GET /v1/disputes",
    form: "expand[]=data.charge&expand[]=data.payment_intent",
    names: { dispute: "data.0.id", other_dispute: "data.1.id" },
  },
  { call: "POST /v1/disputes/{dispute}", form: "evidence[product_description]=shoes&submit=false" },
  { call: "GET /v1/disputes/{dispute}" },
  { call: "POST /v1/disputes/{dispute}/close" },
  { call: "GET /v1/radar/early_fraud_warnings", form: "expand[]=data.charge", names: { warning: "data.0.id" } },
  { call: "GET /v1/radar/early_fraud_warnings/{warning}" },
  { call: "GET /v1/reviews", names: { review: "data.0.id" } },
  { call: "GET /v1/reviews/{review}" },
  { call: "POST /v1/reviews/{review}/approve" },

  // Money back, money out.
  {
    call: "POST /v1/refunds",
    form: "payment_intent={paid}&amount=500&reason=requested_by_customer&expand[]=charge&expand[]=balance_transaction",
    names: { refund: "id" },
  },
  { call: "POST /v1/refunds/{refund}", form: "metadata[a]=b" },
  { call: "GET /v1/refunds/{refund}", form: "expand[]=charge&expand[]=payment_intent" },
  { call: "POST /v1/refunds/{refund}/cancel", status: 400, isRefusedOnly: true },
  { call: "POST /v1/test_helpers/refunds/{refund}/expire", status: 400, isRefusedOnly: true },
  { call: "GET /v1/refunds" },
  { call: "GET /v1/balance" },
  { call: "GET /v1/balance_settings" },
  {
    call: "POST /v1/balance_settings",
    form: "payments[payouts][schedule][interval]=weekly&payments[payouts][schedule][weekly_payout_days][]=friday&payments[settlement_timing][delay_days_override]=5",
  },
  { call: "POST /v1/balance_settings", form: "payments[payouts][schedule][interval]=manual" },
  { days: 10 },
  { call: "GET /v1/balance" },
  { call: "GET /v1/balance_transactions", form: "expand[]=data.source&limit=100", names: { movement: "data.0.id" } },
  { call: "GET /v1/balance_transactions/{movement}" },
  { call: "POST /v1/payouts", form: "amount=500&currency=usd&metadata[a]=b", names: { payout: "id" } },
  { call: "POST /v1/payouts/{payout}", form: "metadata[b]=c" },
  { call: "GET /v1/payouts/{payout}", form: "expand[]=balance_transaction" },
  { call: "POST /v1/payouts/{payout}/cancel" },
  { call: "POST /v1/payouts", form: "amount=500&currency=usd", names: { sent: "id" } },
  {
    call: "POST /v1/payouts",
    form: "amount=500&currency=usd&destination=ba_account_closed",
    names: { returned: "id" },
  },
  { days: 2 },
  { call: "POST /v1/payouts/{sent}/reverse", form: "expand[]=original_payout" },
  { call: "GET /v1/payouts/{returned}", form: "expand[]=failure_balance_transaction" },
  { call: "GET /v1/payouts" },

  // What happened, and the end of the customer.
  { call: "GET /v1/events", form: "limit=100", names: { event: "data.0.id" } },
  { call: "GET /v1/events/{event}" },
  { call: "POST /v1/customers", form: "name=Short", names: { short: "id" } },
  { call: "DELETE /v1/customers/{short}" },
  { call: "GET /v1/customers/{short}" },
  {
    call: "POST /v1/webhook_endpoints",
    form: "url=https://shop.test/gone&enabled_events[]=charge.failed",
    names: { gone: "id" },
  },
  { call: "DELETE /v1/webhook_endpoints/{gone}" },
  { call: "GET /v1/webhook_endpoints/{gone}", status: 404 },
];
