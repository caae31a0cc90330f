// By what answers are reckoned: the catalog that is applied, and the host's policy. The policy stands in the database,
// so that all processes of an installation go by one, and reactions need not be told. A change of either has another
// version.
import type { isAmong } from "#kit/sql/many.ts";
import { type AccessPolicy, accessPolicyDefault } from "../../api/index.ts";
import type { Selecting } from "../../kernel/store/tables.ts";
import { catalogVersionKey } from "../catalog/index.ts";

/** JSON of the policy. Its version is itself. */
export const policyKey = "access_policy";

type Database = Parameters<typeof isAmong>[0] & Selecting;

export async function readPolicy(db: Database): Promise<{ readonly version: string; readonly policy: AccessPolicy }> {
  const rows = await db.selectFrom("settings").selectAll().where("key", "in", [catalogVersionKey, policyKey]).execute();
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const policy = values.get(policyKey);
  return {
    version: versionOf(values.get(catalogVersionKey), policy),
    policy: policy === undefined ? accessPolicyDefault : (JSON.parse(policy) as AccessPolicy),
  };
}

export function versionOf(catalog: string | null | undefined, policy: string | null | undefined): string {
  return `${catalog ?? "0"} ${policy ?? ""}`;
}
