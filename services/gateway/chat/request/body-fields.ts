/**
 * The pieces that bodies of chat requests are read with: text in parts, what
 * has no effect here and is let through, and what would change the answer or
 * its price and so is refused unless it asks for what is done anyway. Pure.
 */
import { z } from "zod";
import { callOptions } from "../../../../schemas/parts/call-options.ts";

type Json = z.infer<ReturnType<typeof z.json>>;

/** How the OpenAPI document shows one. */
const textPart = { properties: { type: { const: "text" }, text: { type: "string" } }, required: ["type", "text"] };

/** How the document shows a list that may be a text instead. */
export const textOrList = { type: ["string", "array"] } as const;

/** A text, or its parts, a line each; a part of any other kind is named in the error. */
export const textParts = z
  .preprocess(
    (content) => (typeof content === "string" ? [{ type: "text", text: content }] : content),
    z
      .array(
        z
          .looseObject({ type: z.string(), text: z.string().optional() })
          .transform(({ type, text }, context) => {
            if (type === "text" && text !== undefined) return text;
            context.addIssue(`content must be text; a part of type ${type.slice(0, 40)} is not taken`);
            return z.NEVER;
          })
          .meta(textPart),
        "content must be a text or a list of text parts",
      )
      .transform((parts) => parts.join("\n")),
  )
  .meta(textOrList);

/** Null stands for absent everywhere in both APIs. */
export function orNull<Inner extends z.ZodType>(inner: Inner) {
  return inner.nullish().transform((value) => value ?? undefined);
}

/** What an answer is to end before; none is as good as absent. */
export const stopTexts = z.array(callOptions.shape.stop.unwrap().element).max(4);

/** Taken and without effect. */
export const ignored = z.unknown().optional();

/** Takes only what is done anyway: null, or one of `same`. */
export function fixed(...same: readonly Json[]) {
  const written = same.map((value) => JSON.stringify(value));
  const may = same.length === 0 ? "" : `, or ${written.join(" or ")}`;
  return z
    .unknown()
    .refine(
      (value) => value === undefined || value === null || written.includes(JSON.stringify(value)),
      `not taken here: the harness settles it; leave it out${may}`,
    )
    .optional()
    .meta({ enum: [null, ...same] });
}

/** A number that, at its default, asks for nothing. */
export function unlessDefault(inner: z.ZodType<number | undefined>, usual: number) {
  return inner.nullish().transform((value) => (value === null || value === usual ? undefined : value));
}

/** Issues for the fields that a body has beyond those of `shape`. */
export function refuseOthers(shape: Readonly<Record<string, unknown>>) {
  return (body: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void => {
    for (const name of Object.keys(body)) {
      if (!Object.hasOwn(shape, name))
        context.addIssue({ code: "custom", path: [name.slice(0, 64)], message: "no such field is known here" });
    }
  };
}

/** Without what is undefined. */
export function present<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
export function present(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** An empty list is the same as none. */
export function emptyIsAbsent<Item>(list: readonly Item[] | undefined): Item[] | undefined {
  return list === undefined || list.length === 0 ? undefined : [...list];
}
