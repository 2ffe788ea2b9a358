/** A letter's body as text: JSON indented, words as they are, bytes in rows; with what is not shown said above. */
import type { LetterDocument } from "../../../gateway/dead-letters/letter-views.ts";
import { counted } from "../../format/numbers.ts";
import { ModelText } from "../../parts/model-text.tsx";

type Shown = LetterDocument["body"];

export function Body({ body }: { readonly body: Shown }) {
  if (body.kind === "none") return <p class="quiet">The record has no value.</p>;
  return (
    <>
      <p class="quiet">{toldOf(body)}</p>
      <div class="body" tabIndex={0} role="region" aria-label="The letter's body">
        <Content body={body} />
      </div>
    </>
  );
}

const kinds = { json: "JSON", text: "Text that is no JSON", bytes: "Bytes that are no text, in hexadecimal" } as const;

function toldOf({ kind, hidden, isCut }: Exclude<Shown, { kind: "none" }>): string {
  const values = hidden === 0 ? "" : `; ${counted(hidden, "value is", "values are")} not shown, by policy`;
  return `${kinds[kind]}${values}${isCut ? "; cut" : ""}`;
}

function Content({ body }: { readonly body: Exclude<Shown, { kind: "none" }> }) {
  switch (body.kind) {
    case "json":
      return (
        <pre>
          <ModelText text={JSON.stringify(body.value, null, 2)} />
        </pre>
      );
    case "text":
      return (
        <pre>
          <ModelText text={body.text} />
        </pre>
      );
    case "bytes":
      return (
        <pre class="hex">{body.rows.map(({ at, hex, text }) => `${at}  ${hex.padEnd(47)}  ${text}`).join("\n")}</pre>
      );
  }
}
