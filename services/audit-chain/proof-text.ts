/** What a proof says, for people. Needs Node alone: the evidence pack carries this file. */
import type { Fault } from "./find-fault.ts";
import type { PackVerdict } from "./read-pack.ts";

/** `CHANGED: record 17 of partition 3, at offset 21: its hash is not that of its fields` */
export function faultText({ kind, partition, sequence, place, detail }: Fault): string {
  const which = sequence === null ? "a record" : `record ${sequence}`;
  const where = partition === null ? "" : ` of partition ${partition}`;
  const what = kind === "bad_head" ? (sequence === null ? "a head" : `the head of record ${sequence}`) : which;
  return `${kind.replace("_", " ").toUpperCase()}: ${what}${where}, at ${place}: ${detail}`;
}

/** Line by line: whole or not, from where to where, signed by whom, and what of the selection is proved. */
export function packText(verdict: PackVerdict): readonly string[] {
  const { fault, links, ranges, signedBy } = verdict;
  if (fault !== null) return [faultText(fault)];
  if (links === 0) return ["There is nothing to prove: no link was found."];
  const spans = ranges.map(({ partition, first, last, signedTo }) => {
    const signed = signedTo === last ? "signed to the last" : `signed to ${signedTo ?? "none"}`;
    return `  partition ${partition}: records ${first} to ${last}, ${signed}`;
  });
  const keys =
    signedBy.length === 0
      ? "Signed by nobody."
      : `Signed by ${signedBy.join(", ")}: compare it with the key id that you were given.`;
  return [`whole: ${counted(links, "link")}`, ...spans, ...selectionText(verdict), keys];
}

function selectionText({ selection }: PackVerdict): readonly string[] {
  if (selection === null) return [];
  const { of, selected, others, undecided } = selection;
  const what = [
    ...(of.run_id === undefined ? [] : [`of run ${of.run_id}`]),
    ...(of.client_id === undefined ? [] : [`of client ${of.client_id}`]),
  ].join(" ");
  const rest =
    undecided === 0
      ? "no other in these links is"
      : `whether ${counted(undecided, "other")} in these links are cannot be told`;
  if (what === "") return [`${counted(selected, "record")}: all that stand in these links`];
  return [`${counted(selected, "record")} ${what}; ${others} are proved to be of others, and ${rest}`];
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
