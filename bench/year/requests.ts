// What it costs to ask for a subscription and for a preview, beside a bare node:http server in the same run.
import { yearAims } from "../aims.table.ts";
import { type Cost, cheapest, fire, type Shot, send, startTarget, stopTarget, type Target } from "../load.ts";

const requestsEach = 500;
const rounds = 3;

export async function measureRequests(): Promise<void> {
  const [bare, sandbox] = [await startTarget("bare"), await startTarget("sandbox")];
  try {
    const shots = await fill(sandbox);
    console.log(`\n${"CPU per request, µs".padEnd(34)}${cells(["bare", "sandbox", "ratio", "aim"])}`);
    for (const [what, shot] of Object.entries(shots)) {
      const plain = await cost(bare, shot);
      const ours = await cost(sandbox, shot);
      const ratio = ours.cpuMicrosEach / plain.cpuMicrosEach;
      const aim = yearAims.ratio[what as keyof typeof shots];
      const figures = [plain.cpuMicrosEach.toFixed(0), ours.cpuMicrosEach.toFixed(0)];
      console.log(`${what.padEnd(34)}${cells([...figures, `${ratio.toFixed(1)} ×`, `≤ ${aim} ×`])}`);
    }
  } finally {
    await stopTarget(bare);
    await stopTarget(sandbox);
  }
}

function cost(target: Target, shot: (nth: number) => Shot): Promise<Cost> {
  return cheapest(rounds, () => fire(target, requestsEach, shot));
}

function cells(list: readonly string[]): string {
  return list.map((cell) => cell.padStart(14)).join("");
}

/** A customer for each request, since only so many subscriptions are one's. */
async function fill(target: Target) {
  const post = async (path: string, form: Readonly<Record<string, string>>) => {
    const body = new URLSearchParams(form).toString();
    return (JSON.parse(await send(target, { method: "POST", path, body })) as { readonly id: string }).id;
  };
  const price = await post("/v1/prices", {
    currency: "usd",
    unit_amount: "1000",
    "recurring[interval]": "month",
    "product_data[name]": "Gold",
  });
  const customers: string[] = [];
  for (let nth = 0; nth < requestsEach; nth++) {
    const customer = await post("/v1/customers", {});
    const method = await post("/v1/payment_methods/pm_card_visa/attach", { customer });
    customers.push(await post(`/v1/customers/${customer}`, { "invoice_settings[default_payment_method]": method }));
  }
  const customer = (nth: number) => customers[nth] ?? "";
  const subscription = await post("/v1/subscriptions", { customer: customer(0), "items[0][price]": price });
  return {
    "POST subscriptions": (nth: number): Shot => ({
      method: "POST",
      path: "/v1/subscriptions",
      body: `customer=${customer(nth)}&items[0][price]=${price}`,
    }),
    "POST create_preview": (): Shot => ({
      method: "POST",
      path: "/v1/invoices/create_preview",
      body: `subscription=${subscription}`,
    }),
  };
}
