/** Approves or rejects, with a reason or without one. */
import { useState } from "preact/hooks";
import type { Choice, Given } from "./decide-bar.tsx";
import { DecisionForm } from "./decision-form.tsx";

export interface Deciding {
  readonly isSending: boolean;
  readonly onGive: (decision: Choice, given: Given) => Promise<void>;
  readonly onLeave: () => void;
}

const acts = {
  approve: { text: "Approve as it is", class: "primary" },
  reject: { text: "Reject: give nothing", class: "danger" },
} as const;

export function ReasonForm({ choice, isSending, onGive, onLeave }: Deciding & { readonly choice: keyof typeof acts }) {
  const [reason, setReason] = useState("");
  const give = (): void => void (isSending ? undefined : onGive(choice, reasonOf(reason)));
  return (
    <DecisionForm class="decide-form" onGive={give} onLeave={onLeave}>
      <ReasonField value={reason} onInput={setReason} />
      <button type="submit" class={acts[choice].class} disabled={isSending}>
        {acts[choice].text}
      </button>
      <button type="button" class="plain" onClick={onLeave}>
        Back
      </button>
    </DecisionForm>
  );
}

interface ReasonFieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
}

export function ReasonField({ value, onInput }: ReasonFieldProps) {
  return (
    <label class="reason-field">
      <span>Reason, for the result and the audit</span>
      <input
        type="text"
        maxLength={500}
        autocomplete="off"
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </label>
  );
}

/** As the gateway takes it: none rather than an empty one. */
export function reasonOf(text: string): Given {
  const reason = text.trim();
  return reason === "" ? {} : { reason };
}
