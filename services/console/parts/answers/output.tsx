/** An answer or a part of it, as text; long ones scroll, also by the keyboard. */
import type { Mark } from "../../format/marked-text.ts";
import { ModelText } from "../model-text.tsx";
import "./answers.css";

interface OutputProps {
  /** What it is, for who does not see it. */
  readonly name: string;
  readonly text: string;
  readonly marks?: readonly Mark[];
}

export function Output({ name, text, marks = [] }: OutputProps) {
  return (
    <div class="output" tabIndex={0} role="region" aria-label={name}>
      <pre>
        <ModelText text={text} marks={marks} />
      </pre>
    </div>
  );
}
