/** What a run gave, as text; or why it gave nothing, and why nothing is shown. */
import type { ShownRun } from "../../../gateway/native/inspect/shown-run.ts";
import { answerText } from "../../parts/answers/answer-text.ts";
import { Output } from "../../parts/answers/output.tsx";
import { ReasonLine } from "../../parts/answers/reason-line.tsx";
import { ModelText } from "../../parts/model-text.tsx";

export function Answer({ run }: { readonly run: ShownRun }) {
  const { output, tool_calls: calls = [], reasons = [] } = run;
  const note = noteOf(run);
  return (
    <section class="card" aria-labelledby="answer">
      <h2 id="answer">Answer</h2>
      {note === null ? null : <p class="quiet">{note}</p>}
      {reasons.length === 0 ? null : (
        <ul class="run-reasons">
          {reasons.map((reason, index) => (
            <li key={index}>
              <ReasonLine reason={reason} />
            </li>
          ))}
        </ul>
      )}
      {output === undefined ? null : <Output name="The answer" text={answerText(output)} />}
      {calls.map(({ id, name, arguments: given }) => (
        <div key={id}>
          <h3>
            Calls <ModelText text={name} />
          </h3>
          <Output name={`Arguments of ${name}`} text={answerText(given)} />
        </div>
      ))}
    </section>
  );
}

function noteOf({
  state,
  sealed,
  erased,
  not_kept: isGone,
  output,
  tool_calls: calls,
  stale,
  ended_at_limit: isCut,
}: ShownRun): string | null {
  if (state === "running") return "The run goes on.";
  if (state === "in_review") return "A person decides whether the answer is given; it stands in the review queue.";
  if (erased === true) return "Its data subject was erased: nobody can read the answer any more.";
  if (sealed === true)
    return "Sealed under its data subject's key, and not shown: this gateway has no key that opens it.";
  if (isGone === true) return "The result is no longer kept on its topic; what the ledger knows of it is below.";
  if (output === undefined && calls === undefined) return "No answer was given.";
  if (stale !== undefined) return "No model answered: this is an earlier answer to the same input.";
  if (isCut === true) return "The answer ends at the limit of tokens that its request set.";
  return null;
}
