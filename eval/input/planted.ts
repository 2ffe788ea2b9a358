/**
 * Attacks planted in documents, and the same documents clean, both scanned as
 * documents: recall per kind of attack beside the share of clean documents that
 * would be flagged.
 */
import type { Half } from "../corpus/half.ts";
import { cleanDocuments, plantedAttacks } from "../corpus/planted.ts";
import { figuresOf, type Figure } from "./figure.ts";
import type { Guards } from "./open-guards.ts";

export const documentSignals = [
  "signatureBlock",
  "signatureFlag",
  "plantedBlock",
  "plantedFlag",
  "block",
  "flag",
] as const;

export function measurePlanted(half: Half, guards: Guards): readonly Figure[] {
  const attacks = plantedAttacks(half).map((planted) => ({
    ...planted,
    found: guards.signals(planted.text, "document"),
  }));
  const clean = cleanDocuments(half).map(({ text, source }) => ({ source, found: guards.signals(text, "document") }));
  const groups = <Row extends { readonly found: (typeof clean)[number]["found"] }>(
    rows: readonly Row[],
    name: (row: Row) => string,
    attack: boolean,
  ): readonly Figure[] =>
    [...Map.groupBy(rows, name), ["all", rows] as const].flatMap(([group, members]) =>
      figuresOf(
        `planted/${attack ? "attack" : "clean"}/${group}`,
        members.map(({ found }) => found),
        { attack, of: documentSignals },
      ),
    );
  return [
    ...groups(attacks, ({ attack }) => attack, true),
    ...groups(attacks, ({ place }) => place, true).filter(({ name }) => !name.includes("/all/")),
    ...groups(clean, ({ source }) => source, false),
  ];
}
