// What Stripe refuses about invoice rendering templates. Nobody was seen to be refused.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  templateStands: invalid(null, "The invoice rendering template {id} is {status} already.", "inferred"),
  /** "No new Stripe objects can reference it. The template can also no longer be updated" (declared). */
  templateArchived: invalid(
    null,
    "The invoice rendering template {id} is archived, so that it cannot be used or changed.",
    "inferred",
  ),
  templateWithoutVersion: invalid(
    "resource_missing",
    "The invoice rendering template {id} has no version {version}. The latest is {latest}.",
    "inferred",
  ),
  templateVersionAlone: invalid(null, "A `template_version` needs the `template` that it is a version of.", "inferred"),
} satisfies Refusals;
