// Looks IBANs up in the test table, by number, by scenario or by their last digits.
import { sepaOutcomeBySuffix, type TestIban, testIbanTable } from "./test_ibans.table.ts";

export { sepaOutcomeTable, type TestIban } from "./test_ibans.table.ts";

const ibanByNumber: ReadonlyMap<string, TestIban> = new Map([...testIbanTable].reverse().map((row) => [row.iban, row]));
const ibanByScenario: ReadonlyMap<string, TestIban> = new Map(
  testIbanTable.map((row) => [`${row.outcome}_${row.country.toLowerCase()}`, row]),
);

/** What this valid IBAN does; undefined for one that fails its checksum. Spaces are allowed. */
export function findTestIban(iban: string): TestIban | undefined {
  const compact = iban.replace(/\s/g, "").toUpperCase();
  const listed = ibanByNumber.get(compact);
  if (listed !== undefined) return listed;
  if (!passesMod97(compact)) return undefined;
  return { iban: compact, country: compact.slice(0, 2), ...outcomeBySuffix(compact) };
}

/** The account of `pm_sepaDebit_<scenario>_<country>`; the prefix may be left on. Without country it is German. */
export function findTestIbanByScenario(suffix: string): TestIban | undefined {
  const [scenario = "", country = "de"] = suffix.replace(/^pm_sepaDebit_/, "").split("_");
  return ibanByScenario.get(`${scenario}_${country.toLowerCase()}`);
}

/** The checksum of ISO 13616: moved, spelt in digits, the number leaves one when divided by 97. */
export function passesMod97(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(iban)) return false;
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

function outcomeBySuffix(iban: string): Pick<TestIban, "outcome" | "evidence"> {
  const row = sepaOutcomeBySuffix.find(({ suffix }) => iban.endsWith(suffix));
  return { outcome: row?.outcome ?? "success", evidence: "inferred" };
}
