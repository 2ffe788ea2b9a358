/**
 * Renders a harness's prompt for an input: the system prompt, the caller's own
 * instructions where the harness takes them, the template with its fields
 * filled in, and the conversation that is passed through. It remembers where
 * the long field's text stands, so that the text alone can be cut.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import { parseTemplate, renderValue } from "../../definitions/template.ts";
import { readConversation, type Conversation } from "./conversation.ts";

type Input = Readonly<Record<string, unknown>>;

/** What stands around a field's text in the prompt; it is never cut. */
export interface Frame {
  readonly before: string;
  readonly after: string;
}

export interface Place {
  readonly message: number;
  readonly start: number;
  readonly end: number;
}

export interface Prompt {
  readonly messages: readonly Message[];
  /** Where the text of the long field stands. */
  readonly places: readonly Place[];
  /** Index of the first turn that was passed through; as many as there are messages when there is none. */
  readonly turnsFrom: number;
  /** The field that the answer must be grounded in, as the prompt has it. */
  readonly context: string | undefined;
}

/** Null when the conversation is none: see `readConversation`. */
export function renderPrompt(
  { prompt, input: { longField, contextField }, callers }: Pick<HarnessDefinition, "prompt" | "input" | "callers">,
  input: Input,
  frames: ReadonlyMap<string, Frame> = new Map(),
): Prompt | null {
  const passed = prompt.messages === undefined ? nothing : readConversation(input[prompt.messages], callers);
  if (passed.kind === "broken") return null;
  const messages: Message[] = prompt.system === "" ? [] : [{ role: "system", content: prompt.system }];
  messages.push(...passed.messages.filter(({ role }) => role === "system"));
  const places: Place[] = [];
  if (prompt.user !== "") {
    let content = "";
    for (const part of parseTemplate(prompt.user).parts) {
      const text = part.kind === "text" ? part.text : renderValue(input[part.name]);
      const { before, after } = (part.kind === "field" ? frames.get(part.name) : undefined) ?? noFrame;
      const start = content.length + before.length;
      if (part.kind === "field" && part.name === longField)
        places.push({ message: messages.length, start, end: start + text.length });
      content += before + text + after;
    }
    messages.push({ role: "user", content });
  }
  const context = contextField === undefined ? undefined : renderValue(input[contextField]);
  const turns = passed.messages.filter(({ role }) => role !== "system");
  return { messages: [...messages, ...turns], places, turnsFrom: messages.length, context };
}

const noFrame: Frame = { before: "", after: "" };
const nothing: Conversation = { kind: "read", messages: [] };
