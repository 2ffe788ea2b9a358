/**
 * The decision: a, e or r open what it takes, Enter or Ctrl+Enter makes it, and
 * Escape leaves it. Two keys rather than one, as nothing takes it back. Who was
 * slower than somebody else is told who that was.
 */
import { useRef, useState } from "preact/hooks";
import type { DecidedAnswer } from "../../../../gateway/reviews/review-routes.ts";
import type { ReviewDocument } from "../../../../gateway/reviews/review-view.ts";
import { ApiError, send } from "../../../data/api.ts";
import { notify } from "../../../frame/toasts.tsx";
import { useShortcuts } from "../../../navigation/shortcuts.ts";
import { EditBox } from "./edit-box.tsx";
import { ReasonForm } from "./reason-form.tsx";

export type Choice = "approve" | "edit" | "reject";
export interface Given {
  readonly reason?: string;
  readonly text?: string;
}

interface DecideBarProps {
  readonly item: ReviewDocument;
  /** It counts. */
  readonly onDecided: () => void;
  /** Somebody else was first. */
  readonly onChanged: () => void;
}

const names = { approve: "Approve", edit: "Edit", reject: "Reject" } as const;
const done = { approve: "Approved", edit: "Given as you wrote it", reject: "Rejected" } as const;

export function DecideBar({ item, onDecided, onChanged }: DecideBarProps) {
  const [choice, setChoice] = useState<Choice | null>(null);
  const [isSending, setSending] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  const open: readonly Choice[] = item.output === undefined ? ["approve", "reject"] : ["approve", "edit", "reject"];
  useShortcuts(
    open.map((one) => ({ keys: one.charAt(0), label: `${names[one]} the answer`, run: () => setChoice(one) })),
  );
  const give = async (decision: Choice, given: Given): Promise<void> => {
    setSending(true);
    if (await decide(item, decision, given)) return onDecided();
    setSending(false);
    onChanged();
  };
  const leave = (): void => {
    setChoice(null);
    bar.current?.querySelector("button")?.focus();
  };
  const deciding = { isSending, onGive: give, onLeave: leave };
  return (
    <div class="decide" ref={bar}>
      <div class="decide-buttons">
        {open.map((one) => (
          <ChoiceButton key={one} choice={one} isOpen={choice === one} onOpen={() => setChoice(one)} />
        ))}
      </div>
      {choice === "edit" ? <EditBox item={item} {...deciding} /> : null}
      {choice === "approve" || choice === "reject" ? <ReasonForm key={choice} choice={choice} {...deciding} /> : null}
    </div>
  );
}

/** Whether the decision counts; says so, or why not. */
async function decide(item: ReviewDocument, decision: Choice, given: Given): Promise<boolean> {
  try {
    const { guards } = await send<DecidedAnswer>("POST", `/v1/reviews/${item.run_id}/decision`, { decision, ...given });
    const noted = guards.reduce((sum, { findings }) => sum + findings.length, 0);
    const more = noted === 0 ? "" : `; guards noted ${noted}`;
    notify(`${done[decision]}: ${item.harness.name} for ${item.client_id}${more}`);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notify(error.code === "review_decided" ? `Too late: ${error.message}` : error.message, "bad");
    return false;
  }
}

interface ChoiceButtonProps {
  readonly choice: Choice;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

function ChoiceButton({ choice, isOpen, onOpen }: ChoiceButtonProps) {
  const key = choice.charAt(0);
  return (
    <button type="button" aria-expanded={isOpen} aria-keyshortcuts={key} onClick={onOpen}>
      {names[choice]} <kbd aria-hidden="true">{key}</kbd>
    </button>
  );
}
