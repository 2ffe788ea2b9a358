/** Why an answer is refused, held or broken: the code, the field, the rule, and the words. */
import type { Reason } from "../../../../schemas/parts/finding.ts";
import { ModelText } from "../model-text.tsx";

export function ReasonLine({ reason: { code, path, rule, message } }: { readonly reason: Reason }) {
  return (
    <>
      <code>{code}</code> {path === undefined || path === "" ? null : <code>{path}</code>}{" "}
      {rule === undefined || rule === code ? null : <code>{rule}</code>} <ModelText text={message} />
    </>
  );
}
