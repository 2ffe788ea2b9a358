/** The packs that are applied now, by name, and what they hold in numbers. */
import { signaturePack, type ReadSignaturePack } from "../../../schemas/control/signature-pack.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import { readControlTopic } from "../control-topic.ts";

/** What is no pack is left out: the stages ignore it too. */
export async function packsInForce(
  reader: Pick<LogReader, "offsets" | "read">,
): Promise<ReadonlyMap<string, ReadSignaturePack>> {
  const records = await readControlTopic(reader, "harness-signatures");
  return new Map(
    [...records].flatMap(([key, record]) => {
      const parsed = signaturePack.safeParse(record);
      return parsed.success && parsed.data.pack === key ? [[key, parsed.data] as const] : [];
    }),
  );
}

export interface PackSummary {
  readonly pack: string;
  readonly version: string;
  readonly description: string;
  readonly mode: "live" | "shadow";
  /** Share of the runs in which it decides; 1 unless it is a canary. */
  readonly canary: number;
  readonly signatures: number;
  readonly byCategory: Readonly<Record<string, number>>;
  readonly byAction: Readonly<Record<string, number>>;
  readonly byLanguage: Readonly<Record<string, number>>;
}

export function summarise({ pack, version, description, mode, canary, signatures }: ReadSignaturePack): PackSummary {
  return {
    pack,
    version,
    description,
    mode,
    canary: canary ?? 1,
    signatures: signatures.length,
    byCategory: tally(signatures.map(({ category }) => category)),
    byAction: tally(signatures.map(({ action }) => action)),
    byLanguage: tally(signatures.flatMap(({ languages }) => languages)),
  };
}

/** Most frequent first. */
function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([, one], [, other]) => other - one));
}
