/** A guard's verdict and the rules that said so. Without content. */
import type { GuardReport as Report } from "../../../../schemas/parts/finding.ts";
import { words, type Tone } from "../../format/status.ts";
import { Badge } from "../badge.tsx";
import { ModelText } from "../model-text.tsx";
import "./answers.css";

const tones: Readonly<Record<Report["verdict"], Tone>> = {
  passed: "good",
  flagged: "warn",
  redacted: "accent",
  blocked: "bad",
  truncated: "warn",
  repaired: "accent",
  sanitised: "accent",
  failed: "bad",
  not_run: "quiet",
  off: "quiet",
};

export function GuardReport({ report: { guard, verdict, findings, detail } }: { readonly report: Report }) {
  return (
    <>
      {words(guard)} <Badge tone={tones[verdict]}>{words(verdict)}</Badge>
      {detail === undefined ? null : <span class="quiet"> {detail}</span>}
      {findings.length === 0 ? null : (
        <ul class="findings">
          {findings.map((finding, index) => (
            <li key={index}>
              <Finding finding={finding} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Finding({
  finding: { rule, severity, field, message, score, action },
}: {
  readonly finding: Report["findings"][number];
}) {
  return (
    <>
      <code>{rule}</code> <span class="quiet">{severity}</span>
      {field === undefined ? null : <span class="quiet"> in {field}</span>}
      {score === undefined ? null : <span class="quiet"> score {score}</span>}
      {action === undefined ? null : <span class="quiet">: {words(action)}</span>}
      {message === undefined ? null : (
        <>
          {" "}
          <ModelText text={message} />
        </>
      )}
    </>
  );
}
