/**
 * Content is what people wrote and models answered: prompts, context, answers.
 * In every record it is either readable (`plain`) or sealed under a key of its
 * data subject, or of its harness's retention (`key_id`, `sealed` = base64 of an AES-256-GCM box), so that
 * erasing the key erases every copy. Nothing else in a record holds content.
 */
import { z } from "zod";
import { toolCall, writtenToolCall } from "./tools.ts";

export const sealedContent = z.object({
  key_id: z.string().min(1).describe("Id of the key that opens the box"),
  sealed: z.base64().describe("AES-256-GCM box: nonce, ciphertext and tag, base64"),
});

/** What stands in place of a box whose key was erased: nobody can open it any more. */
export const erasedContent = { key_id: "erased", sealed: "" } as const;

const contentSchemas = new WeakSet<object>();

/** Wraps `inner` as a content field: `{ plain: inner }` or a sealed box. */
export function contentOf<Inner extends z.ZodType>(inner: Inner) {
  const schema = z.union([z.object({ plain: inner }), sealedContent]);
  contentSchemas.add(schema);
  return schema;
}

/** Made by `contentOf`. */
export function isContentSchema(schema: object): boolean {
  return contentSchemas.has(schema);
}

export function isErased(content: object): boolean {
  return "key_id" in content && content.key_id === erasedContent.key_id;
}

/** Undefined where there is none, and where it cannot be read. */
export function plainOf<Inner>(content: { readonly plain: Inner } | object | undefined): Inner | undefined {
  return content !== undefined && "plain" in content ? content.plain : undefined;
}

/** Why content cannot be shown; null when all of it is plain. */
export function hiddenBy(...contents: readonly (object | undefined)[]): "erased" | "sealed" | null {
  const boxes = contents.filter((content) => content !== undefined && !("plain" in content));
  if (boxes.length === 0) return null;
  return boxes.some((box) => box !== undefined && isErased(box)) ? "erased" : "sealed";
}

/** Why a run ends whose content was erased on its way: nobody's failure. */
export const erasedReason = { code: "erased", message: "the content was erased" } as const;

export const message = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
  tool_calls: z.array(toolCall).min(1).optional().describe("What an assistant called, beside its words or without any"),
  tool_call_id: toolCall.shape.id.optional().describe("Of a tool's message: the call whose result it is"),
});

export const messagesContent = contentOf(z.array(message).min(1));
export const textContent = contentOf(z.string());
export const jsonContent = contentOf(z.json());
export const toolCallsContent = contentOf(z.array(toolCall).min(1));
export const writtenToolCallsContent = contentOf(z.array(writtenToolCall).min(1));

export type Message = z.infer<typeof message>;
export type MessagesContent = z.infer<typeof messagesContent>;
export type TextContent = z.infer<typeof textContent>;
export type JsonContent = z.infer<typeof jsonContent>;
export type ToolCallsContent = z.infer<typeof toolCallsContent>;
export type WrittenToolCallsContent = z.infer<typeof writtenToolCallsContent>;

/**
 * Stands for content that a record does not hold: HMAC-SHA-256 under the key
 * that seals it, or a key of whoever runs the system where none does.
 * Without the key nobody can try out what it stands for.
 */
export const contentHash = z
  .string()
  .regex(/^(?:s-[0-9a-f]{32}|[0-9a-f]{16}):[0-9a-f]{64}$/)
  .describe("HMAC-SHA-256, in hex, with its key's id before it");
