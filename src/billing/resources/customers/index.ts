export { createCustomers, readCustomer } from "./commands.ts";
export { customersManifest } from "./customers.ts";
