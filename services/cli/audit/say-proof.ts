/** What a proof says, for people and for scripts. */
import type { ProvedRange } from "../../audit-chain/judge-chain.ts";
import { counted, faultText, packText } from "../../audit-chain/proof-text.ts";
import type { PackVerdict } from "../../audit-chain/read-pack.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Screen } from "../screen.ts";
import type { Proof } from "./verify.ts";

export function proofDocument({ faults, signedBy, askedLedger, ...proof }: Proof): object {
  const whole = proof.links > 0 && faults.length === 0;
  return { whole, ...proof, signed_by: signedBy, asked_ledger: askedLedger, faults };
}

export function sayPack(screen: Pick<Screen, "result" | "document">, verdict: PackVerdict): ExitCode {
  const whole = verdict.links > 0 && verdict.fault === null;
  screen.document({ whole, ...verdict });
  screen.result(packText(verdict).join("\n"));
  return whole ? exitCodes.ok : exitCodes.notOk;
}

export function sayProof(screen: Pick<Screen, "result" | "table" | "note">, proof: Proof): void {
  const { links, repeats, heads, signedBy, ranges, faults, askedLedger } = proof;
  for (const fault of faults) screen.result(faultText(fault));
  if (links === 0 && faults.length === 0) screen.result("There is nothing to prove: no link was found.");
  if (links > 0 && faults.length === 0)
    screen.result(`whole: ${counted(links, "link")} in ${counted(ranges.length, "partition")}, ${headsText(proof)}`);
  if (ranges.length > 0 && faults.length === 0) screen.table(rangeTable(ranges));
  if (repeats > 0)
    screen.note(`${counted(repeats, "link")} once more as they are: left by a sealer that was replaced.`);
  if (heads > 0) screen.note(`Signed by ${signedBy.join(", ")}: compare it with the key id that you were given.`);
  if (askedLedger === false) screen.note("The ledger's heads were not looked at: none answers.");
}

function headsText({ heads, ranges }: Proof): string {
  if (heads === 0) return "none of them signed";
  const behind = ranges.reduce((sum, { first, last, signedTo }) => sum + last - (signedTo ?? first - 1), 0);
  return behind === 0 ? "signed to the last" : `${counted(behind, "link")} behind the last signed head`;
}

function rangeTable(ranges: readonly ProvedRange[]) {
  return {
    columns: [
      { head: "partition", align: "right" },
      { head: "from", align: "right" },
      { head: "to", align: "right" },
      { head: "signed to", align: "right" },
      { head: "begins" },
    ],
    rows: ranges.map(({ partition, first, last, signedTo, anchored }) => [
      String(partition),
      String(first),
      String(last),
      signedTo === null ? "-" : String(signedTo),
      first === 1 ? "at the first record" : anchored ? "behind a signed head" : "within the chain",
    ]),
  } as const;
}
