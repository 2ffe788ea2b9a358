/**
 * What is given in the answer's stead, tried against contract and guards while
 * it is written; it can be given when the contract holds. What guards note
 * stops nothing: the person decides.
 */
import { useState } from "preact/hooks";
import type { ReviewDocument } from "../../../../gateway/reviews/review-view.ts";
import { answerText } from "../../../parts/answers/answer-text.ts";
import { GuardReport } from "../../../parts/answers/guard-report.tsx";
import { Output } from "../../../parts/answers/output.tsx";
import { ReasonLine } from "../../../parts/answers/reason-line.tsx";
import { Badge } from "../../../parts/badge.tsx";
import { DecisionForm } from "./decision-form.tsx";
import { ReasonField, reasonOf, type Deciding } from "./reason-form.tsx";
import { useCheck, type LiveCheck } from "./use-check.ts";

export function EditBox({ item, isSending, onGive, onLeave }: Deciding & { readonly item: ReviewDocument }) {
  const [text, setText] = useState(() => answerText(item.output));
  const [reason, setReason] = useState("");
  const tried = useCheck(item.run_id, text);
  const canGive = tried.isCurrent && tried.check?.ok === true && !isSending;
  const give = (): void => void (canGive ? onGive("edit", { text, ...reasonOf(reason) }) : undefined);
  return (
    <DecisionForm class="edit-form" onGive={give} onLeave={onLeave}>
      <label>
        <span>{item.contract.format === "json" ? "The whole output, as JSON" : "The whole output"}</span>
        <textarea
          rows={12}
          spellcheck={item.contract.format === "text"}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <CheckView {...tried} text={text} />
      <div class="decide-form">
        <ReasonField value={reason} onInput={setReason} />
        <button type="submit" class="primary" disabled={!canGive}>
          Give this <kbd aria-hidden="true">Ctrl ↵</kbd>
        </button>
        <button type="button" class="plain" onClick={onLeave}>
          Back
        </button>
      </div>
    </DecisionForm>
  );
}

interface CheckViewProps extends LiveCheck {
  readonly text: string;
}

function CheckView({ check, isCurrent, failure, text }: CheckViewProps) {
  const given = check?.given === undefined ? null : answerText(check.given);
  const noted = check?.guards.filter(({ verdict }) => verdict !== "passed") ?? [];
  return (
    <div class="check" role="status" aria-live="polite" aria-busy={!isCurrent}>
      {failure === null ? null : <p>{failure}</p>}
      {check === null ? (
        <p class="quiet">Trying it …</p>
      ) : (
        <p>
          {check.ok ? <Badge tone="good">keeps the contract</Badge> : <Badge tone="bad">breaks the contract</Badge>}
        </p>
      )}
      <ul class="review-reasons">
        {check?.reasons.map((reason, index) => (
          <li key={index}>
            <ReasonLine reason={reason} />
          </li>
        ))}
        {noted.map((report, index) => (
          <li key={`guard-${index}`}>
            <GuardReport report={report} />
          </li>
        ))}
      </ul>
      {given === null || sameText(given, text) ? null : (
        <>
          <h3>Goes out as</h3>
          <Output name="What goes out" text={given} />
        </>
      )}
    </div>
  );
}

/** Blanks between the parts of JSON and at the end of a text are nothing. */
function sameText(given: string, text: string): boolean {
  return given.replaceAll(/\s/g, "") === text.replaceAll(/\s/g, "");
}
