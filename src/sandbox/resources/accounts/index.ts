// Accounts: the one account that a key belongs to. The folder's only door.
import { defineResource } from "../../kernel/state/resource.ts";
import { type Account, accounts, currentAccount, retrieveAccount } from "./account.ts";

export const accountResource = defineResource<Account>({
  noun: accounts,
  routes: [
    { method: "GET", path: "/v1/account", run: currentAccount },
    { method: "GET", path: "/v1/accounts/:id", run: retrieveAccount },
  ],
});
