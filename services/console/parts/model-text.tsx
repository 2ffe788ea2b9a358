/**
 * Text that a model or a user wrote: as text, never as markup, without what
 * cannot be seen, and kept from turning the direction of what stands around it.
 */
import { markedText, type Mark } from "../format/marked-text.ts";
import { counted } from "../format/numbers.ts";

interface ModelTextProps {
  readonly text: string;
  /** Passages in which something was found. */
  readonly marks?: readonly Mark[];
}

const noMarks: readonly Mark[] = [];

export function ModelText({ text, marks = noMarks }: ModelTextProps) {
  const { pieces, hidden } = markedText(text, marks);
  return (
    <>
      <bdi class="model-text">
        {pieces.map((piece, index) =>
          piece.label === null ? (
            piece.text
          ) : (
            <mark key={index} title={piece.label}>
              {piece.text}
            </mark>
          ),
        )}
      </bdi>
      {hidden === 0 ? null : <span class="hidden-note"> ({counted(hidden, "hidden character")} taken out)</span>}
    </>
  );
}
