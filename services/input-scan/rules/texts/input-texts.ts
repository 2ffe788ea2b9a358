/**
 * Every text of an input that could reach a prompt: strings, numbers long
 * enough to be an identifier, and the keys of objects. Each is folded once, and
 * all guards read that, as a text of its channel.
 */
import type { Channel } from "../../../../schemas/parts/channel.ts";
import { channelOf, type ChannelSource } from "../../../definitions/input/channels.ts";
import { fold, type FoldedText } from "../../../guards/text/fold.ts";

export interface InputText {
  /** JSON pointer into the input; keys that the contract does not declare are `*`. */
  readonly path: string;
  /** Of the top-level field that it stands in. */
  readonly channel: Channel;
  readonly folded: FoldedText;
}

type Json = unknown;
type Input = Readonly<Record<string, Json>>;

/** `declared`: the names that the contract knows. A key of the input itself belongs to its own field. */
export function readTexts(
  input: Input,
  declared: ReadonlySet<string>,
  channels: ChannelSource = {},
): readonly InputText[] {
  const texts: InputText[] = [];
  for (const [field, value] of Object.entries(input)) {
    const channel = channelOf(channels, field);
    mapTexts({ [field]: value }, declared, (text, path) => {
      texts.push({ path, channel, folded: fold(text) });
      return null;
    });
  }
  return texts;
}

/** `replacements`: by index into what readTexts gave, new texts in place of the old ones. A replaced number becomes a string. */
export function replaceTexts(
  input: Input,
  declared: ReadonlySet<string>,
  replacements: ReadonlyMap<number, string>,
): Record<string, Json> {
  let index = 0;
  return mapTexts(input, declared, () => replacements.get(index++) ?? null);
}

/** Walks in one fixed order; `visit` answers with the new text, or null to keep the old one. */
type Visit = (text: string, path: string) => string | null;

const shortestIdentifier = 9;

function mapTexts(input: Input, declared: ReadonlySet<string>, visit: Visit): Record<string, Json> {
  return mapFields(input, "", { declared, visit });
}

interface Walk {
  readonly declared: ReadonlySet<string>;
  readonly visit: Visit;
}

function mapValue(value: Json, path: string, walk: Walk): Json {
  if (typeof value === "string") return walk.visit(value, path) ?? value;
  if (typeof value === "number") {
    const written = String(value);
    return written.length < shortestIdentifier ? value : (walk.visit(written, path) ?? value);
  }
  if (Array.isArray(value)) return value.map((item, index) => mapValue(item, `${path}/${index}`, walk));
  if (typeof value === "object" && value !== null) return mapFields(value, path, walk);
  return value;
}

function mapFields(fields: object, path: string, walk: Walk): Record<string, Json> {
  const mapped = new Map<string, Json>();
  for (const [key, value] of Object.entries(fields)) {
    const known = walk.declared.has(key);
    const inner = `${path}/${known ? key.replaceAll("~", "~0").replaceAll("/", "~1") : "*"}`;
    const name = known ? key : (walk.visit(key, inner) ?? key);
    mapped.set(unused(name, mapped), mapValue(value, inner, walk));
  }
  return Object.fromEntries(mapped);
}

/** Two keys can be redacted to the same placeholder. */
function unused(name: string, taken: ReadonlyMap<string, Json>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} ${number}`)) number++;
  return `${name} ${number}`;
}
