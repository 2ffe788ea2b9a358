/**
 * Every text of an input that could reach a prompt: strings, numbers long
 * enough to be an identifier, and the keys of objects. Each is folded once, and
 * all guards read that, as a text of its channel; in a conversation the turn's
 * role says which. Roles are no texts, nor are ids of calls: numbers of ours stand in
 * their place.
 */
import type { Channel } from "../../../../schemas/parts/channel.ts";
import { channelOf, turnChannel, type ChannelSource } from "../../../definitions/input/channels.ts";
import { fold, type FoldedText } from "../../../guards/text/fold.ts";

export interface InputText {
  /** JSON pointer into the input; keys that the contract does not declare are `*`. */
  readonly path: string;
  /** Of the top-level field that it stands in, or of its turn. */
  readonly channel: Channel;
  readonly folded: FoldedText;
}

type Json = unknown;
type Input = Readonly<Record<string, Json>>;

export interface TextSource extends ChannelSource {
  /** The field that holds a conversation. */
  readonly conversation?: string | undefined;
}

/** `declared`: the names that the contract knows. A key of the input itself belongs to its own field. */
export function readTexts(input: Input, declared: ReadonlySet<string>, source: TextSource = {}): readonly InputText[] {
  const texts: InputText[] = [];
  for (const [field, value] of Object.entries(input)) {
    const ofField = channelOf(source, field);
    const roles = field === source.conversation && Array.isArray(value) ? value.map(roleOf) : [];
    const visit: Visit = (text, path) => {
      const channel = roles.length === 0 ? ofField : turnChannel(roles[Number(path.split("/")[2])], ofField);
      texts.push({ path, channel, folded: fold(text) });
      return null;
    };
    mapFields({ [field]: value }, "", { declared, conversation: source.conversation, visit });
  }
  return texts;
}

function roleOf(turn: Json): Json {
  return typeof turn === "object" && turn !== null && "role" in turn ? turn.role : undefined;
}

interface Replaced extends Pick<TextSource, "conversation"> {
  readonly declared: ReadonlySet<string>;
  /** By index into what readTexts gave: new texts in place of the old ones. */
  readonly replacements: ReadonlyMap<number, string>;
}

/** A replaced number becomes a string. */
export function replaceTexts(input: Input, { replacements, ...walk }: Replaced): Record<string, Json> {
  let index = 0;
  return mapFields(input, "", { ...walk, visit: () => replacements.get(index++) ?? null });
}

/** Walks in one fixed order; `visit` answers with the new text, or null to keep the old one. */
type Visit = (text: string, path: string) => string | null;

const shortestIdentifier = 9;

interface Walk extends Pick<TextSource, "conversation"> {
  readonly declared: ReadonlySet<string>;
  readonly visit: Visit;
}

const wordOfProtocol = /^\/\d+\/(?:role|tool_call_id|tool_calls\/\d+\/id)$/;

function isOfProtocol(path: string, { conversation }: Walk): boolean {
  const field = conversation === undefined ? null : `/${escaped(conversation)}`;
  return field !== null && path.startsWith(field) && wordOfProtocol.test(path.slice(field.length));
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function mapValue(value: Json, path: string, walk: Walk): Json {
  if (typeof value === "string") return isOfProtocol(path, walk) ? value : (walk.visit(value, path) ?? value);
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
    const inner = `${path}/${known ? escaped(key) : "*"}`;
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
