// Accounts: the one account that a key belongs to. The folder's only door.
import { defineResource } from "../../kernel/state/resource.ts";
import { accounts, currentAccount, retrieveAccount, type ShownAccount } from "./account.ts";

export const accountResource = defineResource<ShownAccount>({
  noun: accounts,
  routes: [
    { method: "GET", path: "/v1/account", run: currentAccount },
    { method: "GET", path: "/v1/accounts/:id", run: retrieveAccount },
  ],
});
