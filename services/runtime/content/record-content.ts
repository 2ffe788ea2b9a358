/**
 * A record's content fields, taken out of its value one by one and put back
 * changed: sealed in boxes under one key, or opened. A box is bound to its run;
 * one moved to another run does not open. What a box holds is the field as it
 * was, so that sealing and opening are each other's reverse.
 */
import { contentKeyId } from "../../../schemas/control/content-key.ts";
import { erasedContent, sealedContent } from "../../../schemas/parts/content.ts";
import { catalog, consumedTopics, deadLetterTopicOf } from "../../../topics/catalog.ts";
import { openBox, sealBox } from "../secrets/box.ts";
import { contentOwnerOf, type ContentOwner } from "../stage.ts";
import type { DataKey, FoundKey } from "./content-keys.ts";
import { contentPathsOf, type ContentPath } from "./content-paths.ts";

type Fields = Readonly<Record<string, unknown>>;

const pathsByTopic = new Map<string, readonly ContentPath[]>(
  catalog.map(({ name, schema }) => [name, contentPathsOf(schema)]),
);
for (const topic of consumedTopics) pathsByTopic.set(deadLetterTopicOf(topic), pathsByTopic.get(topic) ?? []);

/** Of a topic, or of its dead letters; none when it holds no content in its fields. */
export function contentPathsIn(topic: string): readonly ContentPath[] {
  return pathsByTopic.get(topic) ?? [];
}

/** Undefined for a record whose content is not sealed. */
export function ownerIn(value: unknown): ContentOwner | undefined {
  if (!isFields(value)) return undefined;
  const { run_id, client_id, subject_id, content_until_ms } = value;
  if (typeof run_id !== "string" || typeof client_id !== "string") return undefined;
  return contentOwnerOf({
    client_id,
    subject_id: typeof subject_id === "string" ? subject_id : undefined,
    content_until_ms: typeof content_until_ms === "number" ? content_until_ms : undefined,
  });
}

/** Whether anything in it is still to be sealed. */
export function isOpen(value: unknown, paths: readonly ContentPath[]): boolean {
  let found = false;
  for (const path of paths) changeAt(value, path, (content) => ((found ||= subjectBoxOf(content) === null), content));
  return found;
}

/** What is sealed already stays as it is. */
export function sealFields(value: unknown, paths: readonly ContentPath[], { keyId, key }: DataKey): unknown {
  const bound = runIdOf(value);
  const seal = (content: Fields): Fields => {
    if (subjectBoxOf(content) !== null) return content;
    const box = sealBox(key, Buffer.from(JSON.stringify(content)), bound);
    return { key_id: keyId, sealed: box.toString("base64") };
  };
  return paths.reduce((sealed, path) => changeAt(sealed, path, seal), value);
}

/** Ids of the keys that its boxes need. */
export function keysNeeded(value: unknown, paths: readonly ContentPath[]): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const path of paths)
    changeAt(value, path, (content) => {
      const box = subjectBoxOf(content);
      if (box !== null && box.key_id !== erasedContent.key_id) needed.add(box.key_id);
      return content;
    });
  return needed;
}

/** A box whose key is erased becomes `erasedContent`; one that does not open here stays. */
export function openFields(
  value: unknown,
  paths: readonly ContentPath[],
  keys: ReadonlyMap<string, FoundKey>,
): unknown {
  const bound = runIdOf(value);
  const open = (content: Fields): unknown => {
    const box = subjectBoxOf(content);
    const found = box === null ? undefined : keys.get(box.key_id);
    if (box === null || found === undefined || found.kind === "locked") return content;
    if (found.kind === "erased") return erasedContent;
    const text = openBox(found.key, Buffer.from(box.sealed, "base64"), bound);
    const opened: unknown = text === null ? content : JSON.parse(text.toString("utf8"));
    return opened;
  };
  return paths.reduce((opened, path) => changeAt(opened, path, open), value);
}

/** A box under a content key; those of other keys (pseudonyms) are content like any other. */
function subjectBoxOf(content: Fields): { readonly key_id: string; readonly sealed: string } | null {
  const box = sealedContent.safeParse(content);
  if (!box.success) return null;
  const { key_id } = box.data;
  return key_id === erasedContent.key_id || contentKeyId.safeParse(key_id).success ? box.data : null;
}

function runIdOf(value: unknown): string {
  const runId = isFields(value) ? value["run_id"] : undefined;
  return typeof runId === "string" ? runId : "";
}

function changeAt(value: unknown, [name, ...rest]: ContentPath, change: (content: Fields) => unknown): unknown {
  if (!isFields(value)) return value;
  if (name === undefined) return change(value);
  if (value[name] === undefined) return value;
  const changed = changeAt(value[name], rest, change);
  return changed === value[name] ? value : { ...value, [name]: changed };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
