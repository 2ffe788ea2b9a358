/**
 * Renders a harness's prompt for an input: the system prompt, the template with
 * its fields filled in, and the messages that are passed through. It remembers
 * where the long field's text stands, so that the text alone can be cut.
 */
import { z } from "zod";
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import { message, type Message } from "../../../schemas/parts/content.ts";
import { parseTemplate, renderValue } from "../../definitions/template.ts";

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
  /** Index of the first message that was passed through; as many as there are messages when there is none. */
  readonly turnsFrom: number;
  /** The field that the answer must be grounded in, as the prompt has it. */
  readonly context: string | undefined;
}

/** A conversation as clients send it. Instructions are the harness's: a client sends no system message. */
export const turns = z.array(message.extend({ role: z.enum(["user", "assistant"]) })).min(1);

/** Null when the conversation is none: see `turns`; it ends with the user's turn, which the model is to answer. */
export function renderPrompt(
  { prompt, input: { longField, contextField } }: Pick<HarnessDefinition, "prompt" | "input">,
  input: Input,
  frames: ReadonlyMap<string, Frame> = new Map(),
): Prompt | null {
  const passed = prompt.messages === undefined ? [] : conversation(input[prompt.messages]);
  if (passed === null) return null;
  const messages: Message[] = prompt.system === "" ? [] : [{ role: "system", content: prompt.system }];
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
  return { messages: [...messages, ...passed], places, turnsFrom: messages.length, context };
}

const noFrame: Frame = { before: "", after: "" };

function conversation(value: unknown): readonly Message[] | null {
  const read = turns.safeParse(value);
  return read.success && read.data.at(-1)?.role === "user" ? read.data : null;
}
